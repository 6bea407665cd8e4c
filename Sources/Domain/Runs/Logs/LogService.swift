package import Database
package import Foundation
import Identity
import JSONAPI
package import Service

/// The output of steps, for readers: whole, or followed while it grows.
package struct LogService: Sendable {
    /// What a follower gets.
    package enum Event: Sendable, Equatable {
        /// More output; `end` is the offset after it.
        case output(Data, end: Int)
        /// Nothing came for a while: a sign of life for proxies.
        case idle
    }

    private static let readSize = 1024 * 1024

    private let database: any SQLDatabase
    private let idleInterval: Duration

    package init(database: any SQLDatabase, idleInterval: Duration = .seconds(15)) {
        self.database = database
        self.idleInterval = idleInterval
    }

    /// Everything that a step has put out so far.
    ///
    /// - Throws: `APIError` 404 when there is no such step, or the principal can't see it.
    package func whole(step: String, job: Int, as principal: Principal) async throws -> Data {
        try await database.read { connection in
            try requireReadable(step: step, job: job, for: principal, in: connection)
            return try LogStore(connection).read(step: step, from: 0, limit: .max)
        }
    }

    /// How many bytes there are so far.
    ///
    /// - Throws: `APIError` 404 when there is no such step, or the principal can't see it.
    package func length(step: String, job: Int, as principal: Principal) async throws -> Int {
        try await database.read { connection in
            try requireReadable(step: step, job: job, for: principal, in: connection)
            return try LogStore(connection).length(step: step)
        }
    }

    /// Follows a step from a byte offset on, until it has ended and everything was read.
    ///
    /// - Throws: `APIError` 404 when there is no such step, or the principal can't see it.
    package func follow(
        step: String,
        job: Int,
        from offset: Int,
        as principal: Principal,
        _ receive: (Event) async throws -> Void
    ) async throws {
        // Listening begins before the first read: what is written in between wakes us.
        let wakeUps = WakeUp.among(database.changes(), idle: idleInterval) { change in
            change.topic == "*" || (change.topic == JobEvents.logTopic && change.key == step)
                || (change.topic == JobEvents.jobTopic && change.key == String(job))
        }
        try await database.read { try requireReadable(step: step, job: job, for: principal, in: $0) }
        var offset = offset
        var iterator = wakeUps.makeAsyncIterator()
        while true {
            let position = offset
            let (bytes, hasEnded) = try await database.read { connection in
                let hasEnded = try JobStore(connection).step(id: step)?.status.isFinal ?? true
                return (try LogStore(connection).read(step: step, from: position, limit: Self.readSize), hasEnded)
            }
            if bytes.isEmpty == false {
                offset += bytes.count
                try await receive(.output(bytes, end: offset))
                continue
            }
            if hasEnded { return }
            switch try await iterator.next() {
            case .change: continue
            case .idle: try await receive(.idle)
            case nil: return
            }
        }
    }

    private func requireReadable(step: String, job: Int, for principal: Principal, in connection: any SQLConnection) throws {
        let row = try connection.row(
            """
            SELECT step.id FROM step JOIN job ON job.id = step.job_id
            WHERE step.id = \(step) AND job.id = \(job) AND \(Permissions.isMember(principal, of: "job.organization_id"))
            """
        )
        guard row != nil else { throw APIError.notFound("There is no step \(step) of a job \(job).") }
    }
}
