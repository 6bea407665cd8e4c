/// What a client sent as the `data` of a POST or PATCH.
struct RequestDocument: Sendable {
    var type: String?
    var id: String?
    var attributes: [String: JSONValue] = [:]
    var relationships: [String: ResourceLinkage] = [:]

    /// Unknown members are let be: shipped clients put `relationships` and others beside `data`.
    ///
    /// - Throws: `APIError` with a pointer to the first member of the wrong shape.
    init(_ body: JSONValue) throws(APIError) {
        guard let data = body["data"]?.object else {
            throw .badRequest("The document needs a resource object as its data member.", pointer: "/data")
        }
        type = try Self.text(data["type"], pointer: "/data/type")
        id = try Self.text(data["id"], pointer: "/data/id")
        switch data["attributes"] {
        case nil, .null: break
        case .object(let members): attributes = members
        default: throw .badRequest("attributes must be an object.", pointer: "/data/attributes")
        }
        switch data["relationships"] {
        case nil, .null: break
        case .object(let members):
            for (name, relationship) in members.sorted(by: { $0.key < $1.key }) {
                let pointer = "/data/relationships/\(name.asPointerToken)"
                guard relationship.object != nil else { throw .badRequest("A relationship must be an object.", pointer: pointer) }
                guard let linkage = relationship["data"] else { continue }
                relationships[name] = try Self.linkage(linkage, pointer: pointer + "/data")
            }
        default: throw .badRequest("relationships must be an object.", pointer: "/data/relationships")
        }
    }

    static func linkage(_ value: JSONValue, pointer: String) throws(APIError) -> ResourceLinkage {
        switch value {
        case .null:
            return .one(nil)
        case .array(let elements):
            var identifiers: [ResourceIdentifier] = []
            for (index, element) in elements.enumerated() {
                identifiers.append(try identifier(element, pointer: "\(pointer)/\(index)"))
            }
            return .many(identifiers)
        default:
            return .one(try identifier(value, pointer: pointer))
        }
    }

    private static func identifier(_ value: JSONValue, pointer: String) throws(APIError) -> ResourceIdentifier {
        guard let type = value["type"]?.string, let id = value["id"]?.string else {
            throw .badRequest("A resource identifier needs a type and an id, both strings.", pointer: pointer)
        }
        return ResourceIdentifier(type: type, id: id)
    }

    private static func text(_ value: JSONValue?, pointer: String) throws(APIError) -> String? {
        switch value {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw .badRequest("This member must be a string.", pointer: pointer)
        }
    }
}

extension String {
    /// The text as one token of a JSON Pointer (RFC 6901), shortened when a client sent a very long name.
    var asPointerToken: String {
        quotable.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// The text as an error may repeat it: at most 100 characters.
    var quotable: String {
        let head = unicodeScalars.prefix(100)
        return head.endIndex == endIndex ? self : String(head) + "…"
    }
}
