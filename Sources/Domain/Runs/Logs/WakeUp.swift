import AsyncAlgorithms
import Database

/// What a reader that follows something waits for.
enum WakeUp: Sendable, Equatable {
    /// Something changed: read again.
    case change
    /// Nothing came for a while.
    case idle

    /// The changes that matter to one reader, and an `idle` at every interval.
    static func among(
        _ changes: AsyncStream<Change>,
        idle: Duration,
        isRelevant: @escaping @Sendable (Change) -> Bool
    ) -> some AsyncSequence<WakeUp, Never> & Sendable {
        merge(
            changes.filter { isRelevant($0) }.map { _ in WakeUp.change },
            AsyncTimerSequence(interval: idle, clock: .continuous).map { _ in WakeUp.idle }
        )
    }
}
