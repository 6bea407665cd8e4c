/// What can go wrong below a store, the same on both engines.
package enum DatabaseError: Error, Sendable, Equatable {
    /// A row with this key is there already. `constraint` is the engine's own name for it: `table.column, …` on
    /// SQLite, the constraint's name on PostgreSQL.
    case uniqueViolation(constraint: String)
    /// The row is still referred to, or refers to one that is not there.
    case foreignKeyViolation(String)
    /// A NOT NULL or CHECK rule refused the row.
    case constraintViolation(String)
    /// The engine could not be reached, or the connection broke.
    case unavailable(String)
    /// The statement is wrong, or the engine failed at it.
    case statement(String)
    /// A row did not have the shape that the store expected.
    case unexpectedResult(String)
    /// A migration was changed after it had been applied, or the database is newer than this binary.
    case migration(String)
}
