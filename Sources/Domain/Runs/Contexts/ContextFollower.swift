import Database
import JSONAPI
import Service

/// The context of a job as it changes. It ends when the job has ended and the last document was given.
package struct ContextFollower: AsyncSequence, Sendable {
    package enum Element: Sendable, Equatable {
        case changed(JobContext)
        /// Nothing came for a while.
        case idle
        /// The job has ended; nothing comes after this.
        case end
    }

    fileprivate let database: any SQLDatabase
    fileprivate let keyring: Keyring
    fileprivate let job: Int
    fileprivate let version: Int
    fileprivate let idleInterval: Duration

    init(database: any SQLDatabase, keyring: Keyring, job: Int, version: Int, idleInterval: Duration) {
        self.database = database
        self.keyring = keyring
        self.job = job
        self.version = version
        self.idleInterval = idleInterval
    }

    package func makeAsyncIterator() -> Iterator {
        let key = String(job)
        let wakeUps = FollowerWakeUp.sequence(of: database, every: idleInterval) { change in
            [ContextEvents.topic, JobEvents.jobTopic].contains(change.topic) && change.key == key
        }
        return Iterator(follower: self, version: version, wakeUps: wakeUps.makeAsyncIterator())
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let follower: ContextFollower
        fileprivate var version: Int
        fileprivate var hasEnded = false
        fileprivate var wakeUps: any AsyncIteratorProtocol<FollowerWakeUp, Never>

        package mutating func next() async throws -> Element? {
            while hasEnded == false {
                let (sealed, isOver) = try await read()
                if let sealed, sealed.version > version {
                    version = sealed.version
                    return .changed(try ContextService.open(sealed, job: follower.job, with: follower.keyring))
                }
                if isOver {
                    hasEnded = true
                    return .end
                }
                switch await wakeUps.next(isolation: #isolation) {
                case .change: continue
                case .idle: return .idle
                case nil: return nil
                }
            }
            return nil
        }

        private func read() async throws -> (context: ContextStore.Sealed?, isOver: Bool) {
            let job = follower.job
            return try await follower.database.read { connection in
                let isOver = try JobStore(connection).find(id: job)?.status.isFinal ?? true
                return (try ContextStore(connection).find(job: job), isOver)
            }
        }
    }
}
