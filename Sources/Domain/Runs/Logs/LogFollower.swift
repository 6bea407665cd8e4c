import Database
package import Foundation

/// The output of one step as it grows. It ends when the step has ended and everything was read.
package struct LogFollower: AsyncSequence, Sendable {
    package enum Element: Sendable, Equatable {
        case output(Data)
        /// Nothing came for a while.
        case idle
        /// The step has ended and everything was read; nothing comes after this.
        case end
    }

    /// The most that is read at once, in bytes.
    private static let readSize = 1024 * 1024

    fileprivate let database: any SQLDatabase
    fileprivate let step: String
    fileprivate let job: Int
    fileprivate let offset: Int
    fileprivate let idleInterval: Duration

    init(database: any SQLDatabase, step: String, job: Int, offset: Int, idleInterval: Duration) {
        self.database = database
        self.step = step
        self.job = job
        self.offset = offset
        self.idleInterval = idleInterval
    }

    package func makeAsyncIterator() -> Iterator {
        let (step, job) = (step, String(job))
        let wakeUps = FollowerWakeUp.sequence(of: database, every: idleInterval) { change in
            (change.topic == JobEvents.logTopic && change.key == step) || (change.topic == JobEvents.jobTopic && change.key == job)
        }
        return Iterator(follower: self, offset: offset, wakeUps: wakeUps.makeAsyncIterator())
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let follower: LogFollower
        fileprivate var offset: Int
        fileprivate var hasEnded = false
        fileprivate var wakeUps: any AsyncIteratorProtocol<FollowerWakeUp, Never>

        package mutating func next() async throws -> Element? {
            while hasEnded == false {
                let (bytes, isOver) = try await read()
                if bytes.isEmpty == false {
                    offset += bytes.count
                    return .output(bytes)
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

        /// Whether the step has ended is read in the same snapshot as its output: nothing can come after it.
        private func read() async throws -> (bytes: Data, hasEnded: Bool) {
            let (step, offset) = (follower.step, offset)
            return try await follower.database.read { connection in
                let hasEnded = try JobStore(connection).step(id: step)?.status.isFinal ?? true
                return (try LogStore(connection).read(step: step, from: offset, limit: LogFollower.readSize), hasEnded)
            }
        }
    }
}
