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

    /// Finds out, in one statement, what the owners' relationships lead to.
    private mutating func link(
        _ owners: [LoadedResource],
        of type: ResourceType<Caller>,
        through relationships: [ResourceRelationship]
    ) throws {
        var query = LinkageQuery(scope: scope)
        var toOne: [(ResourceRelationship, owners: [LoadedResource])] = []
        var inverse: [(ResourceRelationship, owners: [LoadedResource], question: Int)] = []
        for relationship in relationships {
            let known = linkages[LinkageKey(type: type.name, relationship: relationship.name)]
            let missing = owners.filter { known?[$0.identifier.id] == nil }
            guard missing.isEmpty == false else { continue }
            if let question = try query.addTargets(of: relationship, from: missing.map(\.identifier), type) {
                inverse.append((relationship, missing, question))
            } else {
                toOne.append((relationship, missing))
            }
        }
        var unknown: [String: Set<String>] = [:]
        for (relationship, owners) in toOne {
            let seen = visibility[relationship.target] ?? [:]
            let ids = owners.compactMap { $0.toOne[relationship.name] }.filter { seen[$0] == nil }
            if ids.isEmpty == false { unknown[relationship.target, default: []].formUnion(ids) }
        }
        let questions = try unknown.sorted { $0.key < $1.key }.map { name, ids in
            (name, ids, question: try query.addVisibility(of: ids, try scope.catalogue.type(name)))
        }
        let found = try query.run()
        for (name, ids, question) in questions {
            let visible = Set(found[question].map(\.target))
            for id in ids { visibility[name, default: [:]][id] = visible.contains(id) }
        }
        for (relationship, owners) in toOne {
            let visible = visibility[relationship.target] ?? [:]
            keep(relationship, of: type, for: owners) { owner in
                let id = owner.toOne[relationship.name].flatMap { visible[$0] == true ? $0 : nil }
                return .one(id.map { ResourceIdentifier(type: relationship.target, id: $0) })
            }
        }
        for (relationship, owners, question) in inverse {
            let identity = try scope.catalogue.target(of: relationship).identity
            let targets = Dictionary(grouping: found[question], by: { $0.owner ?? "" })
            keep(relationship, of: type, for: owners) { owner in
                let ids = (targets[owner.identifier.id] ?? []).map(\.target).sorted(by: identity.precedes)
                let all = ids.map { ResourceIdentifier(type: relationship.target, id: $0) }
                return relationship.kind.isToMany ? .many(all) : .one(all.first)
            }
        }
    }

    private mutating func keep(
        _ relationship: ResourceRelationship,
        of type: ResourceType<Caller>,
        for owners: [LoadedResource],
        _ linkage: (LoadedResource) -> ResourceLinkage
    ) {
        let key = LinkageKey(type: type.name, relationship: relationship.name)
        for owner in owners { linkages[key, default: [:]][owner.identifier.id] = linkage(owner) }
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
