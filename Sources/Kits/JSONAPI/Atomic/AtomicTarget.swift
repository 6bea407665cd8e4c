/// Finds out what an operation is about and what it wants there.
struct AtomicTarget {
    private let operation: AtomicOperation
    /// With ids in the place of names.
    private let data: JSONValue?
    private let identities: LocalIdentities
    private let basePath: String

    init(_ operation: AtomicOperation, data: JSONValue?, identities: LocalIdentities, basePath: String) {
        self.operation = operation
        self.data = data
        self.identities = identities
        self.basePath = basePath
    }

    /// - Throws: `APIError` with a pointer that begins at the operation.
    func resolved<Caller>(in catalogue: ResourceCatalogue<Caller>) throws -> (ResourcePath<Caller>, ResourceOperation) {
        let path = try path(in: catalogue)
        switch (operation.verb, path.end) {
        case (.add, .root), (.add, .related):
            return (path, .create(try document))
        case (.add, .linkage(let relationship, _)) where relationship.kind.isToMany:
            return (path, .addLinks(try linkage))
        case (.update, .record):
            return (path, .update(try document))
        case (.update, .related(let relationship, _)) where relationship.kind.isToMany == false:
            return (path, .update(try document))
        case (.update, .linkage):
            return (path, .replaceLinkage(try linkage))
        case (.update, .root), (.update, .related):
            return (try member(of: path), .update(try document))
        case (.remove, .record):
            return (path, .delete)
        case (.remove, .related(let relationship, _)) where relationship.kind.isToMany == false:
            return (path, .delete)
        case (.remove, .linkage(let relationship, _)) where relationship.kind.isToMany:
            return (path, .removeLinks(try linkage))
        case (.remove, .root), (.remove, .related):
            return (try member(of: path), .delete)
        default:
            throw APIError.badRequest("\(operation.verb.rawValue) is not possible here.", pointer: pointer)
        }
    }

    private func path<Caller>(in catalogue: ResourceCatalogue<Caller>) throws -> ResourcePath<Caller> {
        switch operation.target {
        case .href(let href):
            guard href.contains("?") == false, href.contains("#") == false else {
                throw APIError.badRequest("An href is a path and nothing more.", pointer: "/href")
            }
            return try ResourcePath(parsing: belowBase(href), in: catalogue, identities: identities)
        case .reference(let reference):
            return try ResourcePath(
                to: try type(reference.type, in: catalogue),
                id: identities.id(reference.name, of: reference.type),
                relationship: reference.relationship,
                in: catalogue
            )
        case .data:
            guard let name = data?["type"]?.string else {
                throw APIError.badRequest("The operation needs href, ref, or data with a type.", pointer: "")
            }
            if operation.verb == .add { return try ResourcePath(parsing: name.percentEncoded, in: catalogue) }
            guard let id = data?["id"]?.string else {
                throw APIError.badRequest("The resource needs its id or its lid.", pointer: "/data/id")
            }
            return try ResourcePath(to: try type(name, in: catalogue), id: id, in: catalogue)
        }
    }

    private func type<Caller>(_ name: String, in catalogue: ResourceCatalogue<Caller>) throws(APIError) -> ResourceType<Caller> {
        guard let type = catalogue.types[name] else { throw .badRequest("Unknown collection \(name.quotable)", pointer: pointer) }
        return type
    }

    /// Clients write `/organization`, `organization` or `/api/v1/organization`.
    private func belowBase(_ href: String) -> String {
        let path = href.hasPrefix("/") ? href : "/" + href
        return path.hasPrefix(basePath + "/") ? String(path.dropFirst(basePath.count)) : path
    }

    /// The resource that `data` names within the list that the operation names.
    private func member<Caller>(of list: ResourcePath<Caller>) throws -> ResourcePath<Caller> {
        guard let id = data?["id"]?.string else {
            throw APIError.badRequest("The path names a list; the operation needs the id of a resource.", pointer: pointer)
        }
        return try list.appending(id)
    }

    private var document: RequestDocument {
        get throws(APIError) { try RequestDocument(["data": data ?? .null]) }
    }

    private var linkage: ResourceLinkage {
        get throws(APIError) {
            guard let data else { throw .badRequest("The operation needs resource identifiers as its data member.", pointer: "/data") }
            return try RequestDocument.linkage(data, pointer: "/data")
        }
    }

    private var pointer: String {
        switch operation.target {
        case .href: "/href"
        case .reference: "/ref"
        case .data: "/data"
        }
    }
}
