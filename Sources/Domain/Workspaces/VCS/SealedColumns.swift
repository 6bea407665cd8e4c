import JSONAPI
import Service

/// Columns of a table that hold secrets: sealed on their way in, each for its own row and column.
struct SealedColumns: Sendable {
    let keyring: Keyring
    let table: String
    let columns: [String]

    func seal(_ draft: inout ResourceDraft) throws {
        for column in columns where draft.columns[column] != nil {
            guard let secret: String = try draft.value(column) else { continue }
            draft.set(column, try keyring.seal(text: secret, context: "\(table)/\(draft.id)/\(column)"))
        }
    }
}
