package import Database
package import Foundation
import JSONAPI
package import Service
import Workspaces

/// The output of steps, for readers: whole, or followed while it grows.
package struct LogService: Sendable {
    private let database: any SQLDatabase
    private let idleInterval: Duration

    /// - Parameter idleInterval: After how long without output a follower gives a sign of life.
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

    /// Follows a step from a byte offset on, until it has ended and everything was read.
    ///
    /// - Throws: `APIError` 404 when there is no such step, or the principal can't see it.
    package func follow(step: String, job: Int, from offset: Int, as principal: Principal) async throws -> LogFollower {
        try await database.read { try requireReadable(step: step, job: job, for: principal, in: $0) }
        return LogFollower(database: database, step: step, job: job, offset: max(0, offset), idleInterval: idleInterval)
    }

    private func requireReadable(step: String, job: Int, for principal: Principal, in connection: any SQLConnection) throws {
        let row = try connection.row(
            """
            SELECT step.id FROM step JOIN job ON job.id = step.job_id
            WHERE step.id = \(step) AND job.id = \(job) AND \(WorkspaceAccess.isReadable(principal, workspace: "job.workspace_id"))
            """
        )
        guard row != nil else { throw APIError.notFound("There is no step \(step) of a job \(job).") }
    }
}
