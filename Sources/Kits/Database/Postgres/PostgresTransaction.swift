import Foundation

/// The connection that a `read` or `write` body sees, for one transaction that has begun.
final class PostgresTransaction: SQLTransaction {
    /// The channel of `LISTEN` and `pg_notify`. Channels belong to one database of a server.
    static let channel = "terrakube"

    let dialect = SQLDialect.postgres
    private let connection: PostgresConnection
    private let cancellation: CancellationFlag
    /// The first error. PostgreSQL refuses everything after it, and would turn COMMIT into ROLLBACK without an error.
    private(set) var failure: (any Error)?

    init(_ connection: PostgresConnection, cancellation: CancellationFlag) {
        self.connection = connection
        self.cancellation = cancellation
    }

    func rows(_ statement: SQL) throws -> [SQLRow] {
        try run(statement).rows
    }

    func execute(_ statement: SQL) throws -> Int {
        try run(statement).changed
    }

    func notify(_ change: Change) throws {
        try attempt {
            try change.checkLength()
            let payload = String(decoding: try JSONEncoder().encode(change), as: UTF8.self)
            let (text, values) = Self.render("SELECT pg_notify(\(Self.channel), \(payload))")
            _ = try connection.run(text, PostgresParameters(values))
        }
    }

    func commit() throws {
        try attempt {
            let result = try connection.command("COMMIT")
            guard result.command == "COMMIT" else {
                throw DatabaseError.statement("the transaction was rolled back")
            }
        }
    }

    /// Leaves the connection clean, or broken for the pool to drop.
    func rollBack() {
        guard !connection.isIdle, !connection.isBroken else { return }
        do {
            try connection.command("ROLLBACK")
            if (failure as? PostgresFailure)?.isStalePlan == true {
                try connection.forgetStatements()
            }
        } catch {
            // A connection that cannot roll back is not idle, and is dropped.
        }
    }

    /// Whether the transaction was refused for a reason that a new run may not meet.
    var deservesRetry: Bool {
        (failure as? PostgresFailure).map { $0.isCollision || $0.isStalePlan } ?? false
    }

    private func run(_ statement: SQL) throws -> PostgresResult {
        try attempt {
            let (text, values) = Self.render(statement)
            return try connection.run(text, PostgresParameters(values))
        }
    }

    private static func render(_ statement: SQL) -> (text: String, values: [SQLValue]) {
        statement.rendered { "$\($0)" }
    }

    private func attempt<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            if let failure { throw failure }
            try cancellation.check()
            return try body()
        } catch {
            failure = failure ?? error
            throw (error as? PostgresFailure)?.databaseError ?? error
        }
    }
}
