import Database
package import JSONAPI
package import Service

/// Columns of a table that hold secrets: sealed on their way in, each for its own row and column.
package struct SealedColumns: Sendable {
    private let keyring: Keyring
    private let table: String
    private let columns: [String]

    package init(keyring: Keyring, table: String, columns: [String]) {
        self.keyring = keyring
        self.table = table
        self.columns = columns
    }

    package func seal(_ draft: inout ResourceDraft) throws {
        for column in columns where draft.columns[column] != nil {
            guard let secret: String = try draft.value(column) else { continue }
            draft.set(column, try seal(secret, row: draft.id, column: column))
        }
    }

    func seal(_ secret: String, row id: String, column: String) throws -> String {
        try keyring.seal(text: secret, context: "\(table)/\(id)/\(column)")
    }

    /// - Returns: nil when the row holds nothing there.
    /// - Throws: `KeyringError`, `DatabaseError`.
    func open(_ column: String, of row: SQLRow, id: String) throws -> String? {
        guard let sealed: String = try row.find(column), sealed.isEmpty == false else { return nil }
        return try keyring.open(text: sealed, context: "\(table)/\(id)/\(column)")
    }
}
