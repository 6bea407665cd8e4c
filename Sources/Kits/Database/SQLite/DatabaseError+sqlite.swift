import GRDB

extension DatabaseError {
    /// What an extended result code of SQLite means to a store (https://www.sqlite.org/rescode.html).
    static func from(_ error: GRDB.DatabaseError) -> any Error {
        let message = error.message ?? error.resultCode.description
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            let prefix = "UNIQUE constraint failed: "
            return DatabaseError.uniqueViolation(constraint: message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message)
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            return DatabaseError.foreignKeyViolation(message)
        default:
            break
        }
        return switch error.resultCode {
        case .SQLITE_CONSTRAINT: DatabaseError.constraintViolation(message)
        case .SQLITE_INTERRUPT: CancellationError()
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CANTOPEN, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB:
            DatabaseError.unavailable(message)
        // GRDB reports a use after `close` as a misuse.
        case .SQLITE_MISUSE: DatabaseError.unavailable(message)
        default: DatabaseError.statement(message)
        }
    }
}
