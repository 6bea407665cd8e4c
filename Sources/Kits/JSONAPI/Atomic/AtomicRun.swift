import Database

/// Carries out the operations of one request, one after the other, inside one transaction.
///
/// A relationship to a resource that only a later operation adds is set when all are done; the rules see it as an
/// update then.
struct AtomicRun<Caller: Sendable> {
    private let api: ResourceAPI<Caller>
    private let context: ResourceWriteContext<Caller>
    private let operations: [AtomicOperation]
    private var identities = LocalIdentities()
    private var created: [ResourceIdentifier?] = []
    private var postponed: [(operation: Int, resource: ResourceIdentifier, relationships: [String: JSONValue])] = []
    /// The names that operations from the present one on will give.
    private var laterNames: [LocalIdentities.Name: Int] = [:]

    init(_ operations: [AtomicOperation], api: ResourceAPI<Caller>, in context: ResourceWriteContext<Caller>) {
        self.operations = operations
        self.api = api
        self.context = context
        for (index, operation) in operations.enumerated() {
            for name in operation.names { laterNames[name] = index }
        }
    }

    /// - Returns: For each operation what it created, as it is when all are done; nil for the others.
    /// - Throws: `AtomicFailure` for the first that fails, `DatabaseError`.
    mutating func results() throws -> [ResourceDocument?] {
        for (index, operation) in operations.enumerated() {
            try attributing(index) { run in try run.perform(operation, index) }
        }
        for (index, resource, relationships) in postponed {
            try attributing(index) { run in
                let document = try RequestDocument(
                    ["data": .object(["relationships": .object(try run.resolve(relationships))])]
                )
                try run.api.update(resource.type, id: resource.id, relationships: document.relationships, in: run.context)
            }
        }
        return try created.map { try $0.map { try api.document(of: $0, ResourceQuery(), in: context) } }
    }

    private mutating func attributing(_ operation: Int, _ body: (inout AtomicRun) throws -> Void) throws {
        do {
            try body(&self)
        } catch let error as APIError {
            throw AtomicFailure(operation: operation, of: operations.count, error)
        }
    }

    private mutating func perform(_ operation: AtomicOperation, _ index: Int) throws {
        var data = operation.data
        var later: [String: JSONValue] = [:]
        if case .object(var resource) = data {
            if operation.verb != .add, case .object(let resolved) = try identities.resolve(.object(resource), pointer: "/data") {
                resource = resolved
            }
            if case .object(let relationships) = resource["relationships"] {
                later = relationships.filter { isLater($0.value, than: index) }
                resource["relationships"] = .object(try resolve(relationships.filter { later[$0.key] == nil }))
            }
            data = .object(resource)
        } else if let linkage = data {
            data = try identities.resolve(linkage: linkage, pointer: "/data")
        }
        let target = AtomicTarget(operation, data: data, identities: identities, basePath: api.basePath)
        let (path, wanted) = try target.resolved(in: api.catalogue)
        let new = try api.perform(wanted, at: path, in: context)
        created.append(new)
        if let new { try identities.give(operation.names, to: new.id) }
        guard later.isEmpty == false else { return }
        postponed.append((index, try new ?? resource(at: path), later))
    }

    /// The one resource that a path leads to: by its id, or by a relationship that holds one.
    private func resource(at path: ResourcePath<Caller>) throws -> ResourceIdentifier {
        if let record = path.records.last {
            switch path.end {
            case .record:
                return ResourceIdentifier(type: record.type.name, id: record.id)
            case .related(let relationship, let type) where relationship.kind.isToMany == false:
                let resolver = PathResolver(caller: context.caller, connection: context.transaction)
                if let id = try resolver.target(of: relationship, from: record, as: type) {
                    return ResourceIdentifier(type: type.name, id: id)
                }
            default: break
            }
        }
        throw APIError.badRequest(
            "A relationship to what a later operation adds takes a path that leads to one resource.",
            pointer: "/data/relationships"
        )
    }

    /// Whether a relationship names what no operation has added yet, but this or a later one will.
    private func isLater(_ relationship: JSONValue, than index: Int) -> Bool {
        let linkage = relationship["data"]
        return (linkage?.array ?? [linkage].compactMap(\.self)).contains { identifier in
            guard let type = identifier["type"]?.string, let name = identifier["id"]?.string ?? identifier["lid"]?.string else {
                return false
            }
            let named = LocalIdentities.Name(type: type, name: name)
            return identities.knows(named) == false && laterNames[named].map { $0 >= index } ?? false
        }
    }

    private func resolve(_ relationships: [String: JSONValue]) throws -> [String: JSONValue] {
        var resolved = relationships
        for (name, relationship) in relationships {
            guard case .object(var members) = relationship, let linkage = members["data"] else { continue }
            members["data"] = try identities.resolve(linkage: linkage, pointer: "/data/relationships/\(name.asPointerToken)/data")
            resolved[name] = .object(members)
        }
        return resolved
    }
}
