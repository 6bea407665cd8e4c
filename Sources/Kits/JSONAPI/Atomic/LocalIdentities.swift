/// The names that a request gives to resources before these have ids.
struct LocalIdentities: Sendable {
    struct Name: Sendable, Hashable {
        let type: String
        let name: String
    }

    private var ids: [Name: String] = [:]

    /// The id behind a name; a name that nobody has given is an id already.
    func id(_ name: String, of type: String) -> String {
        ids[Name(type: type, name: name)] ?? name
    }

    func knows(_ name: Name) -> Bool {
        ids[name] != nil
    }

    /// - Throws: `APIError` 400 when the request has given the name twice.
    mutating func give(_ names: [Name], to id: String) throws(APIError) {
        for name in Set(names) {
            guard ids.updateValue(id, forKey: name) == nil else {
                throw .badRequest("The request adds two resources of the type \(name.type) as \(name.name.quotable).", pointer: "/data/lid")
            }
        }
    }

    /// A resource object or identifier with an id in the place of a name.
    ///
    /// - Throws: `APIError` 400 for a `lid` that no operation before has given.
    func resolve(_ identifier: JSONValue, pointer: String) throws(APIError) -> JSONValue {
        guard case .object(var members) = identifier, let type = members["type"]?.string else { return identifier }
        if let lid = members["lid"]?.string, members["id"] == nil {
            guard knows(Name(type: type, name: lid)) else {
                throw .badRequest("No operation before this one adds a \(type.quotable) with the lid \(lid.quotable).", pointer: pointer)
            }
            members["id"] = .string(id(lid, of: type))
        } else if let sent = members["id"]?.string {
            members["id"] = .string(id(sent, of: type))
        }
        return .object(members)
    }

    /// The same for what may be one identifier, a list of them, or null.
    func resolve(linkage: JSONValue, pointer: String) throws(APIError) -> JSONValue {
        guard case .array(let elements) = linkage else { return try resolve(linkage, pointer: pointer) }
        var resolved: [JSONValue] = []
        for (index, element) in elements.enumerated() {
            resolved.append(try resolve(element, pointer: "\(pointer)/\(index)"))
        }
        return .array(resolved)
    }
}
