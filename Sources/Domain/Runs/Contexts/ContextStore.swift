import Database
import Foundation

/// The rows of contexts: envelopes, as scripts put there what they like.
struct ContextStore {
    /// A context as it is kept.
    struct Sealed: Sendable {
        let version: Int
        let envelope: Data
    }

    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    func find(job: Int) throws -> Sealed? {
        try connection.row("SELECT version, envelope FROM job_context WHERE job_id = \(job)").map { row in
            Sealed(version: try row.get("version"), envelope: try row.get("envelope"))
        }
    }

    func replace(job: Int, with envelope: Data, at date: Date) throws {
        try connection.execute(
            """
            INSERT INTO job_context (job_id, version, envelope, updated_date) VALUES (\(job), 1, \(envelope), \(date))
            ON CONFLICT (job_id) DO UPDATE
            SET version = job_context.version + 1, envelope = excluded.envelope, updated_date = excluded.updated_date
            """
        )
    }
}
