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
            draft.set(column, try keyring.seal(text: secret, context: "\(table)/\(draft.id)/\(column)"))
        }
    }
}
