package import Logging

/// A database on a PostgreSQL server (15 or newer), for several servers on one data set.
///
/// `write` is SERIALIZABLE and starts again when PostgreSQL says that two transactions collided; `read` is a REPEATABLE
/// READ snapshot. Statements are prepared per connection, so a pooler in between must keep sessions.
package final class PostgresDatabase: SQLDatabase {
    package let dialect = SQLDialect.postgres
    private let pool: PostgresPool
    private let fanOut: ChangeFanOut
    private let listener: PostgresListener

    /// How often a transaction starts again before it is given up.
    private static let attempts = 50

    /// Connects when it is first used.
    ///
    /// - Throws: `InvalidDatabaseURL`, or `DatabaseError.unavailable` when the process has no file descriptor left.
    package convenience init(
        url: String,
        connections: Int = 8,
        logger: Logger = Logger(label: "terrakube.database")
    ) throws {
        try self.init(PostgresURL(url), connections: connections, logger: logger)
    }

    /// - Parameters:
    ///   - connections: The most that are open at once, without the one that listens for changes.
    ///   - logger: Told when the connection that listens is lost.
    /// - Throws: `DatabaseError.unavailable` when the process has no file descriptor left.
    package init(_ url: PostgresURL, connections: Int = 8, logger: Logger = Logger(label: "terrakube.database")) throws {
        pool = PostgresPool(url, connections: connections)
        fanOut = ChangeFanOut()
        listener = try PostgresListener(url, fanOut: fanOut, logger: logger)
    }

    deinit {
        listener.cancel()
        fanOut.finish()
    }

    package func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        try await transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
    }

    @discardableResult
    package func write<Result: Sendable>(_ body: @escaping @Sendable (any SQLTransaction) throws -> Result) async throws -> Result {
        try await transaction("BEGIN ISOLATION LEVEL SERIALIZABLE", body)
    }

    package func changes() -> AsyncStream<Change> {
        // The stream comes first: what the listener says when it is ready is for this reader too.
        let stream = fanOut.stream()
        listener.start()
        return stream
    }

    package func close() async {
        await pool.close()
        await listener.stop()
        fanOut.finish()
    }

    /// Runs a statement that PostgreSQL refuses inside a transaction, such as `CREATE DATABASE`.
    ///
    /// - Throws: `DatabaseError`.
    package func executeAlone(_ statement: SQL) async throws {
        try await pool.run { [pool] _ in
            // An empty command tells whether an idle connection still works.
            let connection = try pool.connection(after: "")
            defer { pool.giveBack(connection) }
            do {
                let (text, values) = statement.rendered { "$\($0)" }
                _ = try connection.run(text, PostgresParameters(values))
            } catch let failure as PostgresFailure {
                throw failure.databaseError
            }
        }
    }

    private func transaction<Result: Sendable>(
        _ begin: String,
        _ body: @escaping @Sendable (PostgresTransaction) throws -> Result
    ) async throws -> Result {
        var attempt = 1
        while true {
            switch try await pool.run({ [pool] in try Self.run(begin, on: pool, cancellation: $0, body) }) {
            case .finished(let result):
                return result
            case .refused(let reason):
                guard attempt < Self.attempts else { throw reason }
                // Those that collided would collide again if they all came back at once.
                let longestPause = min(1 << attempt, 64)
                try await ContinuousClock().sleep(for: .milliseconds(Int.random(in: 0...longestPause)))
                attempt += 1
            }
        }
    }

    private enum Outcome<Result: Sendable>: Sendable {
        case finished(Result)
        /// The transaction has been rolled back, and may succeed if it runs again.
        case refused(any Error)
    }

    private static func run<Result: Sendable>(
        _ begin: String,
        on pool: PostgresPool,
        cancellation: CancellationFlag,
        _ body: (PostgresTransaction) throws -> Result
    ) throws -> Outcome<Result> {
        let connection = try pool.connection(after: begin)
        defer { pool.giveBack(connection) }
        let transaction = PostgresTransaction(connection, cancellation: cancellation)
        do {
            let result = try body(transaction)
            try transaction.commit()
            return .finished(result)
        } catch {
            transaction.rollBack()
            guard transaction.deservesRetry else { throw error }
            return .refused(error)
        }
    }
}
