package import Database
package import Service

/// The variables that a job of a workspace runs with.
package struct VariableStore {
    private let connection: any SQLConnection
    private let keyring: Keyring

    package init(_ connection: any SQLConnection, keyring: Keyring) {
        self.connection = connection
        self.keyring = keyring
    }

    /// - Throws: `KeyringError` when a sealed value does not open.
    package func variables(workspace: String, organization: String) throws -> [Variable] {
        let own = try connection.rows("SELECT * FROM variable WHERE workspace_id = \(workspace) ORDER BY key")
        let global = try connection.rows("SELECT * FROM globalvar WHERE organization_id = \(organization) ORDER BY key")
        let shared = try connection.rows(
            """
            SELECT item.* FROM reference JOIN collection ON collection.id = reference.collection_id
            JOIN item ON item.collection_id = collection.id
            WHERE reference.workspace_id = \(workspace) AND collection.organization_id = \(organization)
            ORDER BY collection.priority DESC, collection.name, item.key
            """
        )
        return .merging([
            try own.compactMap { try variable($0, opening: SensitiveValue(keyring: keyring, table: "variable")) },
            try global.compactMap { try variable($0, opening: SensitiveValue(keyring: keyring, table: "globalvar")) },
            try shared.compactMap { try variable($0, opening: SensitiveValue(keyring: keyring, table: "item")) },
        ])
    }

    /// The keys of sensitive variables that have no value yet; a job must not start with them.
    package static func incompleteKeys(workspace: String, in connection: any SQLConnection) throws -> [String] {
        try connection.rows("SELECT key FROM variable WHERE workspace_id = \(workspace) AND incomplete ORDER BY key").map {
            try $0.get("key")
        }
    }

    private func variable(_ row: SQLRow, opening sensitive: SensitiveValue) throws -> Variable? {
        guard let category = Variable.Category(rawValue: try row.get("category")) else { return nil }
        return Variable(
            key: try row.get("key"),
            value: try sensitive.open(row),
            category: category,
            isHCL: try row.get("hcl"),
            isSensitive: try row.get("sensitive")
        )
    }
}
