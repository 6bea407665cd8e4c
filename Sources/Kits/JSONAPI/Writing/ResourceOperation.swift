/// What a writing request asks for, read but not yet resolved against the database.
enum ResourceOperation: Sendable {
    case create(RequestDocument)
    /// The resource that the path ends at.
    case update(RequestDocument)
    case delete
    case replaceLinkage(ResourceLinkage)
    case addLinks(ResourceLinkage)
    case removeLinks(ResourceLinkage)

    /// - Returns: nil when the path does not take the method.
    /// - Throws: `APIError` when the body cannot be read.
    init?<Caller>(_ request: ResourceRequest, at path: ResourcePath<Caller>) throws {
        switch (request.method, path.end) {
        case ("POST", .root), ("POST", .related):
            self = .create(try RequestDocument(try request.json()))
        case ("PATCH", .record):
            self = .update(try RequestDocument(try request.json()))
        case ("PATCH", .related(let relationship, _)) where relationship.kind.isToMany == false:
            self = .update(try RequestDocument(try request.json()))
        case ("DELETE", .record):
            self = .delete
        case ("DELETE", .related(let relationship, _)) where relationship.kind.isToMany == false:
            self = .delete
        case ("PATCH", .linkage):
            self = .replaceLinkage(try Self.linkage(request))
        case ("POST", .linkage(let relationship, _)) where relationship.kind.isToMany:
            self = .addLinks(try Self.linkage(request))
        case ("DELETE", .linkage(let relationship, _)) where relationship.kind.isToMany:
            self = .removeLinks(try Self.linkage(request))
        default:
            return nil
        }
    }

    /// For the `Allow` of a refusal.
    static func methods<Caller>(at path: ResourcePath<Caller>) -> String {
        switch path.end {
        case .root: "GET, POST"
        case .record: "GET, PATCH, DELETE"
        case .related: path.isList ? "GET, POST" : "GET, POST, PATCH, DELETE"
        case .linkage: path.isList ? "GET, POST, PATCH, DELETE" : "GET, PATCH"
        }
    }

    private static func linkage(_ request: ResourceRequest) throws -> ResourceLinkage {
        guard let data = try request.json()["data"] else {
            throw APIError.badRequest("The document needs resource identifiers as its data member.", pointer: "/data")
        }
        return try RequestDocument.linkage(data, pointer: "/data")
    }
}
