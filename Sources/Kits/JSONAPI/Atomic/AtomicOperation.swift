/// One operation of an atomic request, read but not yet resolved: what it names may come into being by an earlier one.
///
/// Source: <https://jsonapi.org/ext/atomic/>, with what shipped clients do besides: members that nobody knows are let be,
/// and `relationships` beside `data` count as if they stood inside.
struct AtomicOperation: Sendable {
    enum Verb: String, Sendable, CaseIterable {
        /// Creates a resource, or adds links to a relationship.
        case add
        /// Changes a resource, or replaces the links of a relationship.
        case update
        /// Deletes a resource, or removes links from a relationship.
        case remove
    }

    /// What the operation is about.
    enum Target: Sendable {
        /// A path, with or without the base of the API before it.
        case href(String)
        case reference(Reference)
        /// What `data` itself says.
        case data
    }

    struct Reference: Sendable {
        let type: String
        /// An id, or a name that the request has given.
        let name: String
        let relationship: String?
    }

    let verb: Verb
    let target: Target
    /// Nil when the member is missing, which is not the same as null.
    let data: JSONValue?

    /// - Throws: `APIError` with a pointer that begins at the operation.
    init(_ value: JSONValue) throws(APIError) {
        guard let members = value.object else { throw .badRequest("An operation must be an object.", pointer: "") }
        guard let verb = members["op"]?.string.flatMap(Verb.init) else {
            throw .badRequest("op must be \(ResourceAttributeKind.choice(of: Verb.allCases.map(\.rawValue))).", pointer: "/op")
        }
        self.verb = verb
        target = try Self.target(members)
        data = Self.data(members)
    }

    /// What a resource that is added is called within the request: its `lid`, and its `id`, which stands for whatever id
    /// the server gives it.
    var names: [LocalIdentities.Name] {
        guard verb == .add, let type = data?["type"]?.string else { return [] }
        let names = ["lid", "id"].compactMap { data?[$0]?.string }
        return names.filter { $0.isEmpty == false }.map { LocalIdentities.Name(type: type, name: $0) }
    }

    private static func target(_ members: [String: JSONValue]) throws(APIError) -> Target {
        switch (members["href"], members["ref"]) {
        case (.string(let href), nil), (.string(let href), .null):
            return .href(href)
        case (nil, nil), (.null, nil), (nil, .null), (.null, .null):
            return .data
        case (nil, let reference?), (.null, let reference?):
            guard let type = reference["type"]?.string, let name = reference["id"]?.string ?? reference["lid"]?.string else {
                throw .badRequest("ref needs a type, and an id or a lid.", pointer: "/ref")
            }
            return .reference(Reference(type: type, name: name, relationship: reference["relationship"]?.string))
        case (.string, _):
            throw .badRequest("href and ref exclude each other.", pointer: "/ref")
        default:
            throw .badRequest("href must be a string.", pointer: "/href")
        }
    }

    private static func data(_ members: [String: JSONValue]) -> JSONValue? {
        guard case .object(var resource) = members["data"], case .object(let beside) = members["relationships"] else {
            return members["data"]
        }
        let inside = resource["relationships"]?.object ?? [:]
        resource["relationships"] = .object(beside.merging(inside) { _, inside in inside })
        return .object(resource)
    }
}

/// The operations of a request.
struct AtomicDocument: Sendable {
    static let maximumOperations = 1000
    static let member = "atomic:operations"

    let operations: [AtomicOperation]

    /// - Throws: `AtomicFailure` for an operation that cannot be read, `APIError` for a body that holds none.
    init(_ body: JSONValue) throws {
        guard let elements = body[Self.member]?.array, elements.isEmpty == false else {
            throw APIError.badRequest("The document needs operations as its \(Self.member) member.", pointer: "/\(Self.member)")
        }
        guard elements.count <= Self.maximumOperations else {
            let detail = "A request has at most \(Self.maximumOperations) operations; this one has \(elements.count)."
            throw APIError.badRequest(detail, pointer: "/\(Self.member)")
        }
        operations = try elements.enumerated().map { index, element in
            do throws(APIError) {
                return try AtomicOperation(element)
            } catch {
                throw AtomicFailure(operation: index, of: elements.count, error)
            }
        }
    }
}
