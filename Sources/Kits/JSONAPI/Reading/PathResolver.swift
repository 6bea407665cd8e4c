import Database

/// Checks that everything on the way is there and readable.
struct PathResolver<Caller: Sendable> {
    let caller: Caller
    let connection: any SQLConnection

    /// Goes down `records`, in one statement however many there are.
    ///
    /// - Throws: `APIError` 404 for the first that does not exist, hangs elsewhere, or is hidden from the caller:
    ///   these are the same to whoever asks.
    func require(_ records: some Sequence<ResourcePath<Caller>.Record>) throws {
        let records = Array(records)
        guard let root = records.first else { return }
        var table = SQLTable.primary
        var columns: [SQL] = [table["id"]]
        var joins: SQL = ""
        for record in records.dropFirst() {
            let owner = table
            table = table.nested
            columns.append(table["id"])
            let link = record.relationship?.links(owner, to: table) ?? "TRUE"
            joins += " LEFT JOIN \(record.type.source(table)) ON \(table["id"]) = \(record.key) AND \(link)"
            joins += " AND \(record.type.visible(to: caller, table))"
        }
        let row = try connection.row(
            """
            SELECT \(SQL.joined(columns, separator: ", ")) FROM \(root.type.source(.primary))\(joins) \
            WHERE \(SQLTable.primary["id"]) = \(root.key) AND \(root.type.visible(to: caller, .primary))
            """
        )
        for (index, record) in records.enumerated() where row == nil || row?.values[index] == .null {
            throw APIError.unknownIdentifier(record.id, record.type.name)
        }
    }

    /// The id of the resource at the other end of a to-one relationship, if there is one that the caller may read.
    func target(
        of relationship: ResourceRelationship,
        from owner: ResourcePath<Caller>.Record,
        as type: ResourceType<Caller>
    ) throws -> String? {
        try targets(of: relationship, fromKey: owner.key, in: owner.type, as: type).first
    }

    /// The ids of the readable resources at the other end of a relationship.
    func targets(
        of relationship: ResourceRelationship,
        fromKey key: SQLValue,
        in ownerType: ResourceType<Caller>,
        as type: ResourceType<Caller>
    ) throws -> [String] {
        let row = SQLTable.primary
        return try connection.rows(
            """
            SELECT \(row["id"]) FROM \(type.source(row)) \
            WHERE \(relationship.links(key: key, inTable: ownerType.table, to: row)) AND \(type.visible(to: caller, row)) \
            ORDER BY \(row["id"])
            """
        ).compactMap { $0.values[0].identifier }
    }
}

extension APIError {
    static func unknownIdentifier(_ id: String, _ type: String) -> APIError {
        .notFound("Unknown identifier \(id.quotable) for \(type)")
    }
}
