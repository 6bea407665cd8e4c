import Crypto
package import Foundation

/// Brings the schema of a database up to date at start.
///
/// All that is missing is applied in one transaction, in the order given. Several servers may start at once on one
/// database: one of them migrates, the others find it done.
package struct Migrator: Sendable {
    private let migrations: [Migration]

    package init(_ migrations: [Migration]) {
        self.migrations = migrations
    }

    /// - Parameter now: Kept as the date of application.
    /// - Throws: `DatabaseError.migration`, naming the migration, when one was changed after it had been applied, when
    ///   the database knows one that this binary does not, or when two have the same id. What a statement throws.
    package func apply(to database: any SQLDatabase, now: Date) async throws {
        let plan = try MigrationPlan(migrations, for: database.dialect)
        // The usual start has nothing to do, and one read is all that it costs.
        let isUpToDate = try await database.read { connection in
            try Self.historyExists(on: connection) && plan.pending(after: Self.history(on: connection)).isEmpty
        }
        if isUpToDate { return }
        try await database.write { transaction in
            if transaction.dialect == .postgres {
                // Two servers that create the same table at once would collide in the catalogue.
                _ = try transaction.rows("SELECT pg_advisory_xact_lock(\(Self.lockKey))")
            }
            try transaction.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migration
                (id TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_date BIGINT NOT NULL)
                """
            )
            for step in try plan.pending(after: Self.history(on: transaction)) {
                // The row comes first. If another server committed it while this one waited for the lock, PostgreSQL
                // refuses it here, before anything of the step has run, and the transaction starts again.
                try transaction.execute(
                    """
                    INSERT INTO schema_migration (id, checksum, applied_date)
                    VALUES (\(step.id), \(step.checksum), \(now)) ON CONFLICT (id) DO NOTHING
                    """
                )
                for statement in step.statements {
                    try transaction.execute(statement)
                }
            }
        }
    }

    /// Any number will do that no other program on the same database uses.
    private static let lockKey: Int64 = 0x7465_7272_616B_7562

    private static func historyExists(on connection: any SQLConnection) throws -> Bool {
        let statement: SQL =
            switch connection.dialect {
            case .sqlite: "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'"
            case .postgres: "SELECT 1 AS found WHERE to_regclass('schema_migration') IS NOT NULL"
            }
        return try connection.row(statement) != nil
    }

    /// Checksums of the migrations that have been applied, by id.
    private static func history(on connection: any SQLConnection) throws -> [String: String] {
        let rows = try connection.rows("SELECT id, checksum FROM schema_migration")
        return try Dictionary(rows.map { try ($0.get("id"), $0.get("checksum")) }, uniquingKeysWith: { first, _ in first })
    }
}

/// The migrations rendered for one engine, and what is left of them to do. It touches no database.
struct MigrationPlan: Sendable {
    struct Step: Sendable {
        let id: String
        let statements: [SQL]
        let checksum: String
    }

    let steps: [Step]

    init(_ migrations: [Migration], for dialect: SQLDialect) throws {
        var ids: Set<String> = []
        steps = try migrations.map { migration in
            guard ids.insert(migration.id).inserted else {
                throw DatabaseError.migration("\(migration.id) is there twice")
            }
            let statements = migration.statements(dialect)
            return Step(id: migration.id, statements: statements, checksum: Self.checksum(of: statements))
        }
    }

    /// The steps that `history` (checksum by id) does not have.
    ///
    /// - Throws: `DatabaseError.migration` when the two do not fit.
    func pending(after history: [String: String]) throws -> [Step] {
        let known = Set(steps.map(\.id))
        if let unknown = history.keys.filter({ !known.contains($0) }).min() {
            throw DatabaseError.migration("\(unknown) was applied by a newer version: this one cannot use the database")
        }
        for step in steps {
            if let applied = history[step.id], applied != step.checksum {
                throw DatabaseError.migration("\(step.id) was changed after it had been applied")
            }
        }
        return steps.filter { history[$0.id] == nil }
    }

    private static func checksum(of statements: [SQL]) -> String {
        var hash = SHA256()
        for statement in statements {
            let (text, values) = statement.rendered { "$\($0)" }
            // NUL cannot occur in a statement, so no two lists of statements look the same.
            hash.update(data: Data("\(text)\0".utf8))
            for value in values {
                hash.update(data: Data("\(value.canonicalText)\0".utf8))
            }
        }
        return hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

extension SQLValue {
    /// The kind and the value as text that never changes between versions.
    fileprivate var canonicalText: String {
        switch self {
        case .null: "null"
        case .integer(let integer): "integer \(integer)"
        case .real(let real): "real \(real)"
        case .text(let text): "text \(text)"
        case .boolean(let boolean): "boolean \(boolean)"
        case .blob(let data): "blob \(data.base64EncodedString())"
        }
    }
}
