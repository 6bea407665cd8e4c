import Database

/// Turns `sort` into an ORDER BY.
///
/// The id breaks ties, so that pages neither overlap nor leave gaps. A value that the caller may not read counts as
/// missing: its order would tell what it is. Missing values come last, and first when the order is turned round.
struct SortCompiler<Caller: Sendable> {
    static var maximumHops: Int { 4 }

    let scope: ReadScope<Caller>

    func order(_ keys: [ResourceQuery.SortKey], of type: ResourceType<Caller>, _ row: SQLTable) throws -> SQL {
        var terms: [SQL] = []
        for key in keys {
            guard key.path.count <= Self.maximumHops + 1 else {
                throw APIError.badRequest("A sort path crosses at most \(Self.maximumHops) relationships.", parameter: "sort")
            }
            let value = try value(key.path[...], of: type, row)
            // Left to the engine's own order where there is no NULL, so that an index of the column serves.
            let nulls: SQL = value.mayBeNull ? (key.isDescending ? " NULLS FIRST" : " NULLS LAST") : ""
            terms.append("\(value.expression)\(key.isDescending ? " DESC" : "" as SQL)\(nulls)")
        }
        return .joined(terms + [row["id"]], separator: ", ")
    }

    private func value(
        _ path: ArraySlice<String>,
        of type: ResourceType<Caller>,
        _ row: SQLTable
    ) throws -> (expression: SQL, mayBeNull: Bool) {
        let name = path.first ?? ""
        if path.count == 1 {
            if name == "id" { return (row["id"], false) }
            guard let attribute = type.attributesByName[name] else {
                throw APIError.badRequest("Unknown attribute \(name.quotable) in \(type.name)", parameter: "sort")
            }
            let operand = attribute.operand(row)
            guard let isReadable = attribute.isReadable else { return (operand, attribute.isRequired == false) }
            return ("CASE WHEN \(isReadable(scope.caller, row)) THEN \(operand) END", true)
        }
        guard let relationship = type.relationshipsByName[name], relationship.kind.isToMany == false else {
            throw APIError.badRequest("Unknown to-one relationship \(name.quotable) in \(type.name)", parameter: "sort")
        }
        let target = try scope.catalogue.target(of: relationship)
        let other = row.nested
        let inner = try value(path.dropFirst(), of: target, other)
        return (
            """
            (SELECT \(inner.expression) FROM \(target.source(other)) \
            WHERE \(relationship.links(row, to: other)) AND \(target.visible(to: scope.caller, other)) LIMIT 1)
            """, true
        )
    }
}
