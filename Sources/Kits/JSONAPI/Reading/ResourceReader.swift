import Database

/// Answers a GET: the document at a path, from one snapshot.
struct ResourceReader<Caller: Sendable> {
    let scope: ReadScope<Caller>
    /// What the path has led through.
    private var known: [ResourceIdentifier] = []

    init(scope: ReadScope<Caller>) {
        self.scope = scope
    }

    /// The document at `path`.
    static func document(at path: ResourcePath<Caller>, scope: ReadScope<Caller>) throws -> ResourceDocument {
        var reader = ResourceReader(scope: scope)
        reader.known = path.records.map { ResourceIdentifier(type: $0.type.name, id: $0.id) }
        return try reader.document(at: path)
    }

    private var resolver: PathResolver<Caller> {
        PathResolver(caller: scope.caller, connection: scope.connection)
    }

    private func document(at path: ResourcePath<Caller>) throws -> ResourceDocument {
        try checkFilters()
        let type = path.type
        switch path.end {
        case .root:
            return try list(of: type, among: [])
        case .record:
            guard let record = path.records.last else { throw APIError.notFound("The path names no resource.") }
            let ancestors = path.records.dropLast()
            try resolver.require(ancestors)
            guard let resource = try resource(of: type, among: link(record.relationship, from: ancestors.last) + [isRow(record.key)])
            else { throw APIError.unknownIdentifier(record.id, type.name) }
            return resource
        case .related(let relationship, _):
            try resolver.require(path.records)
            let link = link(relationship, from: path.records.last)
            if relationship.kind.isToMany { return try list(of: type, among: link) }
            return try resource(of: type, among: link) ?? ResourceDocument(primary: .one(nil), included: emptyInclusion)
        case .linkage(let relationship, _):
            try resolver.require(path.records)
            return try linkage(relationship, of: type, from: path.records.last)
        }
    }

    /// One resource by its id; nil when the caller may not read it.
    func document(of type: ResourceType<Caller>, key: SQLValue) throws -> ResourceDocument? {
        try resource(of: type, among: [isRow(key)])
    }

    private func resource(of type: ResourceType<Caller>, among conditions: [SQL]) throws -> ResourceDocument? {
        let query = RowQuery(type, scope: scope)
        let condition = SQL.joined(conditions + [type.visible(to: scope.caller, .primary)], separator: " AND ")
        guard let row = try scope.connection.row(query.select(where: condition, " LIMIT 1")) else { return nil }
        var loader = ResourceLoader(scope: scope, known: known)
        let (primary, included) = try loader.complete([try query.resource(row)], of: type)
        return ResourceDocument(primary: .one(primary.first), included: included)
    }

    private func list(of type: ResourceType<Caller>, among conditions: [SQL]) throws -> ResourceDocument {
        let query = RowQuery(type, scope: scope)
        let pager = ListPager(scope: scope, type: type, condition: try condition(of: type, among: conditions))
        let (rows, meta) = try pager.rows { query.select(where: $0, $1) }
        var loader = ResourceLoader(scope: scope, known: known)
        let (primary, included) = try loader.complete(try rows.map { try query.resource($0) }, of: type)
        return ResourceDocument(primary: .many(primary), included: included, meta: meta)
    }

    private func linkage(
        _ relationship: ResourceRelationship,
        of type: ResourceType<Caller>,
        from owner: ResourcePath<Caller>.Record?
    ) throws -> ResourceDocument {
        let pager = ListPager(
            scope: scope,
            type: type,
            condition: try condition(of: type, among: link(relationship, from: owner))
        )
        let row = SQLTable.primary
        let (rows, meta) = try pager.rows { "SELECT \(row["id"]) AS c0 FROM \(type.source(row)) WHERE \($0)\($1)" }
        let identifiers = rows.compactMap { $0.values[0].identifier.map { ResourceIdentifier(type: type.name, id: $0) } }
        let linkage: ResourceLinkage = relationship.kind.isToMany ? .many(identifiers) : .one(identifiers.first)
        return ResourceDocument(primary: .linkage(linkage), meta: relationship.kind.isToMany ? meta : nil)
    }

    private func condition(of type: ResourceType<Caller>, among conditions: [SQL]) throws -> SQL {
        let filters = try scope.query.primaryFilters.map { filter in
            try FilterCompiler(scope: scope, parameter: filter.parameter).condition(filter.expression, on: type, .primary)
        }
        return .joined(conditions + [type.visible(to: scope.caller, .primary)] + filters, separator: " AND ")
    }

    private func link(_ relationship: ResourceRelationship?, from owner: ResourcePath<Caller>.Record?) -> [SQL] {
        guard let relationship, let owner else { return [] }
        return [relationship.links(key: owner.key, inTable: owner.type.table, to: .primary)]
    }

    private func isRow(_ key: SQLValue) -> SQL {
        "\(SQLTable.primary["id"]) = \(key)"
    }

    private var emptyInclusion: [ResourceObject]? {
        scope.query.include == nil ? nil : []
    }

    /// Finds mistakes in filters of types that this document happens not to show.
    private func checkFilters() throws {
        for (name, filter) in scope.query.filters {
            let compiler = FilterCompiler(scope: scope, parameter: filter.parameter)
            _ = try compiler.condition(filter.expression, on: try scope.catalogue.type(name), .primary)
        }
    }
}
