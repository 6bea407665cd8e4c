import Database

/// A request's path, read against the declared types: `/organization/{id}/workspace/{id}/relationships/vcs`.
struct ResourcePath<Caller: Sendable>: Sendable {
    static var maximumRecords: Int { 12 }

    /// A resource that the path names by its id.
    struct Record: Sendable {
        let type: ResourceType<Caller>
        let id: String
        let key: SQLValue
        /// How it is reached from the record before it; nil for the first.
        let relationship: ResourceRelationship?
    }

    enum End: Sendable {
        /// `/type`
        case root(ResourceType<Caller>)
        /// `…/{id}`
        case record
        /// `…/{id}/relationship`
        case related(ResourceRelationship, ResourceType<Caller>)
        /// `…/{id}/relationships/relationship`
        case linkage(ResourceRelationship, ResourceType<Caller>)
    }

    private(set) var records: [Record] = []
    private(set) var end: End

    /// - Parameters:
    ///   - text: Below the base, percent-encoded; a slash at the end means nothing.
    ///   - identities: Names that may stand where ids do.
    init(
        parsing text: String,
        in catalogue: ResourceCatalogue<Caller>,
        identities: LocalIdentities = LocalIdentities()
    ) throws {
        var parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if parts.first?.isEmpty == true { parts.removeFirst() }
        if parts.last?.isEmpty == true { parts.removeLast() }
        guard parts.count <= 2 * Self.maximumRecords + 2 else {
            throw APIError.badRequest("The path names more than \(Self.maximumRecords) resources.")
        }
        var segments: [String] = []
        for part in parts {
            guard let segment = part.percentDecoded() else {
                throw APIError.badRequest("The path is not valid percent-encoded UTF-8.")
            }
            // A client that left out an id must not reach what stands before it.
            guard segment.isEmpty == false else { throw APIError.notFound("The path has an empty segment.") }
            segments.append(segment)
        }
        guard let root = segments.first else { throw APIError.notFound("The path names no collection.") }
        guard let type = catalogue.types[root], type.schema.isRoot else {
            throw APIError.notFound("Unknown collection \(root.quotable)")
        }
        end = .root(type)
        try read(segments.dropFirst(), from: type, in: catalogue, identities)
    }

    /// The path to a resource of any type, or to its relationship, wherever it hangs.
    init(
        to type: ResourceType<Caller>,
        id: String,
        relationship name: String? = nil,
        in catalogue: ResourceCatalogue<Caller>
    ) throws {
        end = .record
        records = [try Self.record(type, id, through: nil)]
        guard let name else { return }
        guard let relationship = type.relationshipsByName[name] else {
            throw APIError.notFound("Unknown relationship \(name.quotable) in \(type.name)")
        }
        end = .linkage(relationship, try catalogue.target(of: relationship))
    }

    /// The path to one resource of the list that this path names.
    func appending(_ id: String) throws -> ResourcePath {
        var path = self
        var relationship: ResourceRelationship?
        if case .related(let related, _) = end { relationship = related }
        path.records.append(try Self.record(type, id, through: relationship))
        path.end = .record
        return path
    }

    private static func record(
        _ type: ResourceType<Caller>,
        _ id: String,
        through relationship: ResourceRelationship?
    ) throws(APIError) -> Record {
        guard let key = type.identity.key(id) else { throw .badRequest("Invalid value: \(id.quotable)") }
        return Record(type: type, id: key.identifier ?? id, key: key, relationship: relationship)
    }

    private mutating func read(
        _ segments: ArraySlice<String>,
        from root: ResourceType<Caller>,
        in catalogue: ResourceCatalogue<Caller>,
        _ identities: LocalIdentities
    ) throws {
        var rest = segments
        var type = root
        var relationship: ResourceRelationship?
        while let id = rest.popFirst() {
            guard records.count < Self.maximumRecords else {
                throw APIError.badRequest("The path names more than \(Self.maximumRecords) resources.")
            }
            records.append(try Self.record(type, identities.id(id, of: type.name), through: relationship))
            guard var name = rest.popFirst() else {
                end = .record
                return
            }
            let isLinkage = name == "relationships" && rest.isEmpty == false
            if isLinkage, let linked = rest.popFirst() { name = linked }
            guard let next = type.relationshipsByName[name] else { throw APIError.notFound("Unknown collection \(name.quotable)") }
            relationship = next
            type = try catalogue.target(of: next)
            guard isLinkage else {
                end = .related(next, type)
                continue
            }
            end = .linkage(next, type)
            if let extra = rest.first { throw APIError.notFound("Unknown collection \(extra.quotable)") }
        }
    }

    /// The type that the primary data has.
    var type: ResourceType<Caller> {
        switch end {
        case .root(let type), .related(_, let type), .linkage(_, let type): type
        case .record: records[records.count - 1].type
        }
    }

    /// Whether the path names any number of resources.
    var isList: Bool {
        switch end {
        case .root: true
        case .record: false
        case .related(let relationship, _), .linkage(let relationship, _): relationship.kind.isToMany
        }
    }

    /// The path of what can be listed or created here, as a URL has it.
    var text: String {
        var text = ""
        for (index, record) in records.enumerated() {
            text += "/\(index == 0 ? record.type.name : record.relationship?.name ?? "")/\(record.id.percentEncoded)"
        }
        switch end {
        case .root(let type): return "/\(type.name)"
        case .record: return text
        case .related(let relationship, _): return "\(text)/\(relationship.name)"
        case .linkage(let relationship, _): return "\(text)/relationships/\(relationship.name)"
        }
    }
}
