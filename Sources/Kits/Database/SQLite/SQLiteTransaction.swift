import GRDB

/// The connection that a `read` or `write` body sees. It lives on the connection's own queue, for one transaction.
final class SQLiteTransaction: SQLTransaction {
    let dialect = SQLDialect.sqlite
    private(set) var changes: [Change] = []
    private let database: GRDB.Database
    /// SQLite would go on after a failed statement; PostgreSQL does not, so neither do we.
    private var failure: (any Error)?

    init(_ database: GRDB.Database) {
        self.database = database
    }

    func rows(_ statement: SQL) throws -> [SQLRow] {
        try attempt {
            let prepared = try prepare(statement)
            let columns = SQLColumns(prepared.columnNames)
            let cursor = try Row.fetchCursor(prepared)
            var rows: [SQLRow] = []
            while let row = try cursor.next() {
                rows.append(SQLRow(columns: columns, values: row.databaseValues.map(SQLValue.init)))
            }
            return rows
        }
    }

    func execute(_ statement: SQL) throws -> Int {
        try attempt {
            let before = database.totalChangesCount
            try prepare(statement).execute()
            // `changesCount` is that of the last INSERT, UPDATE or DELETE, which need not be this statement.
            return database.totalChangesCount == before ? 0 : database.changesCount
        }
    }

    func notify(_ change: Change) throws {
        try attempt {
            try change.checkLength()
            changes.append(change)
        }
    }

    /// Runs `body` between `BEGIN IMMEDIATE` and `COMMIT`. Taking the write lock first means that a transaction never
    /// finds out half-way that another one was faster.
    func commit<Result>(_ body: () throws -> Result) throws -> Result {
        try database.beginTransaction(.immediate)
        do {
            let result = try body()
            if let failure { throw failure }
            try database.commit()
            return result
        } catch {
            if database.isInsideTransaction {
                try database.rollback()
            }
            throw error
        }
    }

    private func prepare(_ statement: SQL) throws -> Statement {
        let (text, values) = statement.rendered { _ in "?" }
        let prepared = try database.cachedStatement(sql: text)
        for value in values {
            try value.checkText()
        }
        prepared.setUncheckedArguments(StatementArguments(values.map(\.databaseValue)))
        return prepared
    }

    private func attempt<Result>(_ body: () throws -> Result) throws -> Result {
        if let failure { throw failure }
        do {
            return try body()
        } catch {
            let translated = (error as? GRDB.DatabaseError).map(DatabaseError.from) ?? error
            failure = translated
            throw translated
        }
    }
}

extension SQLValue {
    fileprivate init(_ value: DatabaseValue) {
        self =
            switch value.storage {
            case .null: .null
            case .int64(let integer): .integer(integer)
            case .double(let real): .real(real)
            case .string(let text): .text(text)
            case .blob(let data): .blob(data)
            }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .real(let real): real.databaseValue
        case .text(let text): text.databaseValue
        case .boolean(let boolean): boolean.databaseValue
        case .blob(let data): data.databaseValue
        }
    }
}
