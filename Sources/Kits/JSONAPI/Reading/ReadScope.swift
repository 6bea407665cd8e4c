import Database

/// What every part of reading works with: who asks, for what, and on which engine.
struct ReadScope<Caller: Sendable> {
    let catalogue: ResourceCatalogue<Caller>
    let caller: Caller
    let query: ResourceQuery
    let connection: any SQLConnection

    var dialect: SQLDialect { connection.dialect }
}

extension SQLTable {
    /// The alias of the rows that a query is about. Subqueries add an underscore per level.
    static let primary = SQLTable(alias: "_")

    var nested: SQLTable { SQLTable(alias: alias + "_") }
}

extension ResourceType {
    /// For a FROM or JOIN: the table under its alias.
    func source(_ row: SQLTable) -> SQL {
        "\(identifier: table) AS \(identifier: row.alias)"
    }
}

extension ResourceRelationship {
    /// The condition under which the row `target` is at the other end of the row `owner`.
    func links(_ owner: SQLTable, to target: SQLTable) -> SQL {
        switch kind {
        case .toOne(let column): "\(target["id"]) = \(owner[column])"
        case .toOneInverse(let column), .toMany(let column): "\(target[column]) = \(owner["id"])"
        case .toManyThrough(let table, let column, let targetColumn):
            """
            \(target["id"]) IN (SELECT \(identifier: targetColumn) FROM \(identifier: table) \
            WHERE \(identifier: table).\(identifier: column) = \(owner["id"]))
            """
        }
    }

    /// The same for an owner of whom only the key is known.
    func links(key: SQLValue, inTable ownerTable: String, to target: SQLTable) -> SQL {
        switch kind {
        case .toOne(let column):
            "\(target["id"]) = (SELECT \(identifier: column) FROM \(identifier: ownerTable) WHERE id = \(key))"
        case .toOneInverse(let column), .toMany(let column):
            "\(target[column]) = \(key)"
        case .toManyThrough(let table, let column, let targetColumn):
            """
            \(target["id"]) IN (SELECT \(identifier: targetColumn) FROM \(identifier: table) WHERE \(identifier: column) = \(key))
            """
        }
    }
}
