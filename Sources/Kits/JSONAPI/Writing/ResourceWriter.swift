import Database

/// Creates, changes and deletes resources inside a transaction, by the rules of their types.
struct ResourceWriter<Caller: Sendable> {
    let catalogue: ResourceCatalogue<Caller>
    /// What the audit columns say about a caller.
    let author: @Sendable (Caller) -> String

    func create(
        _ name: String,
        id clientID: String?,
        attributes: [String: JSONValue],
        relationships: [String: ResourceLinkage],
        parent: ResourceParent?,
        in context: ResourceWriteContext<Caller>
    ) throws -> String {
        let type = try catalogue.type(name)
        guard let rule = type.schema.writing.create else { throw APIError.forbidden("CreatePermission Denied") }
        let place = try parent.map { try Place($0, of: type, in: catalogue) }

        var (columns, sent) = try AttributeDecoder(type: type).columns(from: attributes, isNew: true)
        let decoder = RelationshipDecoder(
            catalogue: catalogue,
            type: type,
            context: context,
            previous: nil,
            parent: place?.column.map { ($0, place?.key ?? .null) }
        )
        let related = try decoder.decode(relationships)
        for relationship in type.relationships {
            if case .toOne(let column) = relationship.kind { columns[column] = .null }
        }
        columns.merge(related.columns) { _, new in new }
        sent.formUnion(related.sent)
        if type.schema.isAudited {
            columns.merge(audit(context, isNew: true)) { _, new in new }
        }
        let id = try newID(of: type, sent: clientID, in: context)
        columns["id"] = type.identity.key(id)

        var draft = ResourceDraft(type: name, id: id, previous: nil, columns: columns, links: related.links, sent: sent)
        try rule(&draft, context)
        try place?.requireVacancy(for: type, in: context)
        try insert(&draft, type, context)
        try link(draft, type, context)
        try type.schema.writing.created?(draft, context)
        if let place { try attach(draft.id, type, to: place, in: context) }
        return draft.id
    }

    func update(
        _ name: String,
        id: String,
        attributes: [String: JSONValue],
        relationships: [String: ResourceLinkage],
        in context: ResourceWriteContext<Caller>
    ) throws {
        let type = try catalogue.type(name)
        let (key, previous) = try stored(id, type, context)
        guard let rule = type.schema.writing.update else { throw APIError.forbidden("UpdatePermission Denied") }
        var (columns, sent) = try AttributeDecoder(type: type).columns(from: attributes, isNew: false)
        let decoder = RelationshipDecoder(catalogue: catalogue, type: type, context: context, previous: previous, parent: nil)
        let related = try decoder.decode(relationships)
        columns.merge(related.columns) { _, new in new }
        sent.formUnion(related.sent)

        var draft = ResourceDraft(type: name, id: id, previous: previous, columns: columns, links: related.links, sent: sent)
        try rule(&draft, context)
        draft.columns = draft.columns.filter { draft.changes($0.key) }
        let relinks = try link(draft, type, context)
        guard draft.columns.isEmpty == false || relinks else { return }
        if type.schema.isAudited {
            draft.columns.merge(audit(context, isNew: false)) { _, new in new }
        }
        if draft.columns.isEmpty == false {
            let assignments = draft.columns.sorted { $0.key < $1.key }.map { column, value -> SQL in
                "\(identifier: column) = \(value)"
            }
            try context.transaction.execute(
                "UPDATE \(identifier: type.table) SET \(SQL.joined(assignments, separator: ", ")) WHERE id = \(key)"
            )
        }
        try type.schema.writing.updated?(draft, context)
    }

    func delete(_ name: String, id: String, in context: ResourceWriteContext<Caller>) throws {
        let type = try catalogue.type(name)
        let (key, previous) = try stored(id, type, context)
        guard let rule = type.schema.writing.delete else { throw APIError.forbidden("DeletePermission Denied") }
        var draft = ResourceDraft(type: name, id: id, previous: previous, columns: [:], sent: [])
        try rule(&draft, context)
        try context.transaction.execute("DELETE FROM \(identifier: type.table) WHERE id = \(key)")
        try type.schema.writing.deleted?(draft, context)
    }

    /// The whole row, as far as the caller may know that it is there.
    private func stored(
        _ id: String,
        _ type: ResourceType<Caller>,
        _ context: ResourceWriteContext<Caller>
    ) throws -> (key: SQLValue, row: SQLRow) {
        let row = SQLTable.primary
        guard let key = type.identity.key(id),
            let found = try context.transaction.row(
                """
                SELECT \(identifier: row.alias).* FROM \(type.source(row)) \
                WHERE \(row["id"]) = \(key) AND \(type.visible(to: context.caller, row))
                """
            )
        else { throw APIError.unknownIdentifier(id, type.name) }
        return (key, found)
    }

    private func newID(
        of type: ResourceType<Caller>,
        sent: String?,
        in context: ResourceWriteContext<Caller>
    ) throws(APIError) -> String {
        switch type.identity {
        case .uuid: return context.newID().lowercased()
        case .integer: return ""
        case .fromClient:
            guard let sent, sent.isEmpty == false else {
                throw .badRequest("No id provided, cannot persist \(type.name)", pointer: "/data/id")
            }
            guard type.identity.key(sent) != nil else {
                throw .badRequest("An id has 1 to \(ResourceIdentity.maximumLength) printable ASCII characters.", pointer: "/data/id")
            }
            return sent
        }
    }

    private func insert(_ draft: inout ResourceDraft, _ type: ResourceType<Caller>, _ context: ResourceWriteContext<Caller>) throws {
        var columns = draft.columns
        if let key = type.identity.key(draft.id) {
            columns["id"] = key
        } else {
            columns["id"] = nil
        }
        let ordered = columns.sorted { $0.key < $1.key }
        let names = SQL.joined(ordered.map { "\(identifier: $0.key)" }, separator: ", ")
        let values = SQL.joined(ordered.map { "\($0.value)" }, separator: ", ")
        let statement: SQL = "INSERT INTO \(identifier: type.table) (\(names)) VALUES (\(values))"
        guard case .integer = type.identity else {
            try context.transaction.execute(statement)
            return
        }
        guard let key = try context.transaction.row("\(statement) RETURNING id")?.values.first, let id = key.identifier else {
            throw DatabaseError.unexpectedResult("an INSERT into \(type.table) gave no id")
        }
        draft.id = id
        draft.columns["id"] = key
    }

    private func audit(_ context: ResourceWriteContext<Caller>, isNew: Bool) -> [String: SQLValue] {
        let author = SQLValue.text(author(context.caller))
        var columns: [String: SQLValue] = ["updated_date": context.now.sqlValue, "updated_by": author]
        if isNew {
            columns["created_date"] = context.now.sqlValue
            columns["created_by"] = author
        }
        return columns
    }
}
