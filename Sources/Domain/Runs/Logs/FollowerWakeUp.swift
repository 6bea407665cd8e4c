import AsyncAlgorithms
import Database

/// Why a follower looks again.
enum FollowerWakeUp: Sendable {
    case change
    /// Nothing came for a while.
    case idle

    /// The changes that a follower waits for, with a mark for every interval in between. It listens from now on: what is
    /// written before the follower's first look wakes it too.
    static func sequence(
        of database: any SQLDatabase,
        every interval: Duration,
        where isRelevant: @escaping @Sendable (Change) -> Bool
    ) -> some AsyncSequence<FollowerWakeUp, Never> & Sendable {
        merge(
            database.changes().filter { $0.topic == "*" || isRelevant($0) }.map { _ in FollowerWakeUp.change },
            AsyncTimerSequence(interval: interval, clock: .continuous).map { _ in FollowerWakeUp.idle }
        )
    }
}
