/// The engines that the same statements run on.
package enum SQLDialect: Sendable, CaseIterable {
    case sqlite
    case postgres
}

/// A connection inside a transaction. Everything on it is synchronous: a transaction never suspends.
///
/// A statement that fails ends the transaction on both engines: catching the error to throw a better one is fine, but
/// the next statement throws it again, and so does the commit.
package protocol SQLConnection {
    var dialect: SQLDialect { get }

    /// Runs a statement and gives its rows, in order.
    ///
    /// - Throws: `DatabaseError`.
    func rows(_ statement: SQL) throws -> [SQLRow]

    /// Runs a statement that gives no rows.
    ///
    /// - Returns: How many rows it changed.
    /// - Throws: `DatabaseError`.
    @discardableResult
    func execute(_ statement: SQL) throws -> Int
}

extension SQLConnection {
    /// The first row, if there is one. The statement itself bounds the result.
    package func row(_ statement: SQL) throws -> SQLRow? {
        try rows(statement).first
    }
}

/// A connection that may also tell others what changed, once the transaction has committed.
package protocol SQLTransaction: SQLConnection {
    /// Publishes `change` to every `SQLDatabase.changes()` reader of every server on this database, if and only if
    /// the transaction commits. On PostgreSQL this is `pg_notify`, which is transactional; on SQLite, where one
    /// process owns the file, it is in process.
    ///
    /// - Throws: `DatabaseError`; `statement` when the change is longer than `Change.maximumBytes`.
    func notify(_ change: Change) throws
}

/// A database: asynchronous at the edge, synchronous inside a transaction.
package protocol SQLDatabase: Sendable {
    var dialect: SQLDialect { get }

    /// Runs `body` on a consistent snapshot. It must not write, and may run more than once, as in `write`.
    ///
    /// - Throws: What `body` throws; `DatabaseError`; `CancellationError` when the task was cancelled first.
    func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result

    /// Runs `body` in one serializable transaction: committed when it returns, rolled back when it throws. It may
    /// run more than once (PostgreSQL asks for a retry when two transactions collide), so it has no effect outside
    /// of the transaction.
    ///
    /// - Throws: What `body` throws; `DatabaseError`; `CancellationError` when the task was cancelled before the commit.
    @discardableResult
    func write<Result: Sendable>(_ body: @escaping @Sendable (any SQLTransaction) throws -> Result) async throws -> Result

    /// What other transactions publish with `notify`, from now on. A slow reader loses nothing but order of arrival
    /// is all that it may rely on: the database is the truth, a change is only a wake-up.
    func changes() -> AsyncStream<Change>

    /// Finishes what runs and closes every connection. Change streams end.
    func close() async
}

/// A wake-up: something about `key` in `topic` is new, for instance topic `job`, key `42`.
package struct Change: Sendable, Hashable, Codable {
    package let topic: String
    package let key: String
    /// A short hint for readers who need more than the key; never a secret, at most a few hundred bytes.
    package let detail: String

    package init(topic: String, key: String, detail: String = "") {
        self.topic = topic
        self.key = key
        self.detail = detail
    }

    /// Changes may have been missed (PostgreSQL has just begun to listen, or was away): read everything again.
    package static let everything = Change(topic: "*", key: "")

    /// What the three fields may hold together. Even if JSON escapes each byte it stays below the 8,000 bytes that
    /// PostgreSQL takes (https://www.postgresql.org/docs/15/sql-notify.html).
    package static let maximumBytes = 1000

    func checkLength() throws {
        guard topic.utf8.count + key.utf8.count + detail.utf8.count <= Change.maximumBytes else {
            throw DatabaseError.statement("a change in \(topic.prefix(40)) is longer than \(Change.maximumBytes) bytes")
        }
    }
}
