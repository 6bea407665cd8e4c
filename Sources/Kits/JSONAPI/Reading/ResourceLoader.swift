import Database

/// Completes resources with their linkage and with what `include` names.
///
/// The number of statements depends on the relationships that are shown and included, never on the number of
/// resources.
struct ResourceLoader<Caller: Sendable> {
    /// How many resources one document may include. More would be somebody's whole installation.
    static var maximumIncluded: Int { 50_000 }

    private let scope: ReadScope<Caller>
    private var resources: [ResourceIdentifier: LoadedResource] = [:]
    private var linkages: [LinkageKey: [String: ResourceLinkage]] = [:]
    /// Ids by type that were looked up: true for those that the caller may see.
    private var visibility: [String: [String: Bool]] = [:]
    private var included: [ResourceIdentifier] = []

    private struct LinkageKey: Hashable {
        let type: String
        let relationship: String
    }

    /// - Parameter known: What was found readable on the way, and need not be looked up again.
    init(scope: ReadScope<Caller>, known: [ResourceIdentifier] = []) {
        self.scope = scope
        for resource in known where scope.query.filters[resource.type] == nil {
            visibility[resource.type, default: [:]][resource.id] = true
        }
    }

    /// The document's resources and what they include.
    mutating func complete(
        _ primary: [LoadedResource],
        of type: ResourceType<Caller>
    ) throws -> (primary: [ResourceObject], included: [ResourceObject]?) {
        for resource in primary { resources[resource.identifier] = resource }
        try follow(scope.query.include ?? IncludeTree(), from: primary, of: type)
        let objects = try primary.map { try object($0.identifier) }
        guard scope.query.include != nil else { return (objects, nil) }
        return (objects, try included.map { try object($0) })
    }

    private mutating func follow(_ tree: IncludeTree, from owners: [LoadedResource], of type: ResourceType<Caller>) throws {
        let branches = tree.branches.map(\.name)
        try link(owners, of: type, through: type.relationships.filter { lists($0, of: type) || branches.contains($0.name) })
        for (name, branch) in tree.branches {
            guard let relationship = type.relationshipsByName[name] else { continue }
            let target = try scope.catalogue.target(of: relationship)
            let linkage = linkages[LinkageKey(type: type.name, relationship: name)] ?? [:]
            var seen: Set<ResourceIdentifier> = []
            let identifiers = owners.flatMap { linkage[$0.identifier.id]?.identifiers ?? [] }.filter { seen.insert($0).inserted }
            try load(identifiers.filter { resources[$0] == nil }, of: target)
            try follow(branch, from: identifiers.compactMap { resources[$0] }, of: target)
        }
    }

    /// Reads resources whose visibility the linkage that led to them has checked.
    private mutating func load(_ identifiers: [ResourceIdentifier], of type: ResourceType<Caller>) throws {
        guard identifiers.isEmpty == false else { return }
        guard included.count + identifiers.count <= Self.maximumIncluded else {
            throw APIError.badRequest("The document would include more than \(Self.maximumIncluded) resources.", parameter: "include")
        }
        let query = RowQuery(type, scope: scope)
        let keys = identifiers.compactMap { type.identity.key($0.id) }
        let condition = SQL.isMember(SQLTable.primary["id"], of: keys, dialect: scope.dialect)
        for row in try scope.connection.rows(query.select(where: condition)) {
            let resource = try query.resource(row)
            resources[resource.identifier] = resource
        }
        included += identifiers.filter { resources[$0] != nil }
    }

    private mutating func link(
        _ owners: [LoadedResource],
        of type: ResourceType<Caller>,
        through relationships: [ResourceRelationship]
    ) throws {
        var toOne: [(ResourceRelationship, owners: [LoadedResource])] = []
        for relationship in relationships {
            let known = linkages[LinkageKey(type: type.name, relationship: relationship.name)]
            let missing = owners.filter { known?[$0.identifier.id] == nil }
            guard missing.isEmpty == false else { continue }
            if case .toOne = relationship.kind {
                toOne.append((relationship, missing))
            } else {
                try linkInverse(missing, of: type, through: relationship)
            }
        }
        var wanted: [String: Set<String>] = [:]
        for (relationship, owners) in toOne {
            wanted[relationship.target, default: []].formUnion(owners.compactMap { $0.toOne[relationship.name] })
        }
        for (target, ids) in wanted.sorted(by: { $0.key < $1.key }) {
            try checkVisibility(of: ids, target)
        }
        for (relationship, owners) in toOne {
            let visible = visibility[relationship.target] ?? [:]
            var linkage = linkages[LinkageKey(type: type.name, relationship: relationship.name)] ?? [:]
            for owner in owners {
                let id = owner.toOne[relationship.name].flatMap { visible[$0] == true ? $0 : nil }
                linkage[owner.identifier.id] = .one(id.map { ResourceIdentifier(type: relationship.target, id: $0) })
            }
            linkages[LinkageKey(type: type.name, relationship: relationship.name)] = linkage
        }
    }

    private mutating func checkVisibility(of ids: Set<String>, _ name: String) throws {
        let unknown = ids.filter { visibility[name]?[$0] == nil }
        guard unknown.isEmpty == false else { return }
        let type = try scope.catalogue.type(name)
        let row = SQLTable.primary
        let condition: SQL = """
            \(SQL.isMember(row["id"], of: unknown.sorted().compactMap { type.identity.key($0) }, dialect: scope.dialect)) \
            AND \(try shownRows(of: type, row))
            """
        var result = Dictionary(unknown.map { ($0, false) }, uniquingKeysWith: { first, _ in first })
        for row in try scope.connection.rows("SELECT \(row["id"]) FROM \(type.source(row)) WHERE \(condition)") {
            if let id = row.values[0].identifier { result[id] = true }
        }
        visibility[name, default: [:]].merge(result) { _, new in new }
    }

    /// Relationships whose key is at the other end, or in a table of pairs.
    private mutating func linkInverse(
        _ owners: [LoadedResource],
        of type: ResourceType<Caller>,
        through relationship: ResourceRelationship
    ) throws {
        let target = try scope.catalogue.target(of: relationship)
        let row = SQLTable.primary
        let owner: SQL
        let source: SQL
        switch relationship.kind {
        case .toOne:
            return
        case .toOneInverse(let column), .toMany(let column):
            owner = row[column]
            source = target.source(row)
        case .toManyThrough(let table, let column, let targetColumn):
            let pair = row.nested
            owner = pair[column]
            source = """
                \(identifier: table) AS \(identifier: pair.alias) \
                JOIN \(target.source(row)) ON \(row["id"]) = \(pair[targetColumn])
                """
        }
        let keys = owners.compactMap { type.identity.key($0.identifier.id) }
        let rows = try scope.connection.rows(
            """
            SELECT \(owner) AS owner_key, \(row["id"]) AS target_key FROM \(source) \
            WHERE \(SQL.isMember(owner, of: keys, dialect: scope.dialect)) AND \(try shownRows(of: target, row)) \
            ORDER BY \(row["id"])
            """
        )
        var targets: [String: [ResourceIdentifier]] = [:]
        for row in rows {
            guard let owner = row.values[0].identifier, let id = row.values[1].identifier else { continue }
            targets[owner, default: []].append(ResourceIdentifier(type: target.name, id: id))
        }
        var linkage = linkages[LinkageKey(type: type.name, relationship: relationship.name)] ?? [:]
        for owner in owners {
            let found = targets[owner.identifier.id] ?? []
            linkage[owner.identifier.id] = relationship.kind.isToMany ? .many(found) : .one(found.first)
        }
        linkages[LinkageKey(type: type.name, relationship: relationship.name)] = linkage
    }

    /// The rows of a type that linkage may name: visible, and within the filter that the request has for the type.
    private func shownRows(of type: ResourceType<Caller>, _ row: SQLTable) throws -> SQL {
        let visible = type.visible(to: scope.caller, row)
        guard let filter = scope.query.filters[type.name] else { return visible }
        let compiler = FilterCompiler(scope: scope, parameter: filter.parameter)
        return "\(visible) AND \(try compiler.condition(filter.expression, on: type, row))"
    }

    private func shows(_ relationship: ResourceRelationship, of type: ResourceType<Caller>) -> Bool {
        scope.query.fields[type.name]?.contains(relationship.name) ?? true
    }

    /// Whether the linkage is shown even where nothing includes it.
    private func lists(_ relationship: ResourceRelationship, of type: ResourceType<Caller>) -> Bool {
        guard relationship.isListedOnDemand else { return shows(relationship, of: type) }
        return scope.query.fields[type.name]?.contains(relationship.name) ?? false
    }

    private func object(_ identifier: ResourceIdentifier) throws -> ResourceObject {
        var object = ResourceObject(identifier: identifier)
        object.attributes = resources[identifier]?.attributes ?? []
        let type = try scope.catalogue.type(identifier.type)
        for relationship in type.relationships where shows(relationship, of: type) {
            let linkage = linkages[LinkageKey(type: type.name, relationship: relationship.name)]?[identifier.id]
            object.relationships.append((relationship.name, linkage))
        }
        return object
    }
}
