import Database

/// The SELECT that reads resources of one type: identity, to-one keys, the attributes to show, and which of those the
/// caller may read, all in one statement.
struct RowQuery<Caller: Sendable> {
    let type: ResourceType<Caller>
    private let caller: Caller
    private let toOne: [(name: String, column: String)]
    private let attributes: [ResourceAttribute<Caller>]

    init(_ type: ResourceType<Caller>, scope: ReadScope<Caller>) {
        self.type = type
        caller = scope.caller
        toOne = type.relationships.compactMap { relationship in
            if case .toOne(let column) = relationship.kind { (relationship.name, column) } else { nil }
        }
        let shown = scope.query.fields[type.name]
        attributes = type.attributes.filter { shown?.contains($0.name) ?? true }
    }

    /// The rows that meet `condition`; visibility is part of it. `rest` is what follows: order and limit.
    func select(where condition: SQL, _ rest: SQL = "") -> SQL {
        let row = SQLTable.primary
        var columns = [row["id"]] + toOne.map { row[$0.column] }
        for attribute in attributes {
            columns.append(attribute.operand(row))
            if let isReadable = attribute.isReadable { columns.append("(\(isReadable(caller, row)))") }
        }
        // Numbered: two columns of the same name would be one in the result.
        let numbered = columns.enumerated().map { index, column -> SQL in "\(column) AS \(identifier: "c\(index)")" }
        return "SELECT \(SQL.joined(numbered, separator: ", ")) FROM \(type.source(row)) WHERE \(condition)\(rest)"
    }

    func resource(_ row: SQLRow) throws -> LoadedResource {
        var values = row.values[...]
        guard let id = values.popFirst()?.identifier else {
            throw DatabaseError.unexpectedResult("a row of \(type.table) has no id")
        }
        var resource = LoadedResource(identifier: ResourceIdentifier(type: type.name, id: id))
        for (name, _) in toOne {
            resource.toOne[name] = values.popFirst()?.identifier
        }
        for attribute in attributes {
            let value = values.popFirst() ?? .null
            if attribute.isReadable != nil {
                guard Bool.from(values.popFirst() ?? .null) == true else { continue }
            }
            resource.attributes.append((attribute.name, try attribute.kind.encode(value)))
        }
        return resource
    }
}

/// A resource as it came from its table; what its relationships may show is not known yet.
struct LoadedResource {
    let identifier: ResourceIdentifier
    /// Ids at the other end of to-one relationships by their name, whether or not the caller may read what is there.
    var toOne: [String: String] = [:]
    var attributes: [(name: String, value: JSONValue)] = []
}
