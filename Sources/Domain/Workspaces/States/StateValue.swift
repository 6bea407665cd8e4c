import JSONAPI

extension JSONValue {
    /// The value itself, of an attribute whose type its provider leaves open: such a one is stored together with its
    /// type, `{"value": …, "type": …}`. What only looks like it, because the value is of another type, stays as it is.
    var withoutStoredType: JSONValue {
        guard let members = object, members.count == 2, let value = members["value"], let type = members["type"],
            value.conforms(to: type)
        else { return self }
        return value
    }

    /// Whether this can be a value of a type as Terraform writes it, such as `["list", "string"]`.
    private func conforms(to type: JSONValue) -> Bool {
        switch (type, self) {
        case ("dynamic", _): return true
        case ("string", .string), ("bool", .boolean), ("number", .integer), ("number", .number): return true
        case ("string", .null), ("bool", .null), ("number", .null): return true
        case (.array(let parts), _):
            guard parts.count >= 2, let kind = parts[0].string, Self.collections.contains(kind) else { return false }
            return self == .null || conforms(to: kind, of: parts[1])
        default: return false
        }
    }

    private static let collections: Set = ["list", "set", "map", "tuple", "object"]

    private func conforms(to kind: String, of inner: JSONValue) -> Bool {
        switch (kind, self, inner) {
        case ("list", .array(let elements), _), ("set", .array(let elements), _):
            elements.allSatisfy { $0.conforms(to: inner) }
        case ("map", .object(let members), _):
            members.values.allSatisfy { $0.conforms(to: inner) }
        case ("tuple", .array(let elements), .array(let types)):
            elements.count == types.count && zip(elements, types).allSatisfy { $0.conforms(to: $1) }
        case ("object", .object(let members), .object(let types)):
            members.count == types.count && members.allSatisfy { name, value in types[name].map(value.conforms) ?? false }
        default:
            false
        }
    }
}

extension JSONValue {
    /// True at each path that a state marks as sensitive, in nested objects and lists like the values themselves.
    static func sensitivity(of values: JSONValue, paths: [JSONValue]) -> JSONValue {
        var result = values.emptied
        for path in paths { result.mark(path.array ?? []) }
        return result
    }

    /// Containers stay, so that paths can be marked in them; leaves go.
    private var emptied: JSONValue {
        switch self {
        case .object(let members):
            .object(
                members.compactMapValues { member in
                    switch member {
                    case .object, .array: member.emptied
                    default: nil
                    }
                }
            )
        case .array(let elements): .array(elements.map(\.emptied))
        default: false
        }
    }

    /// Sets `true` at a path of state steps, `{"type": "get_attr" | "index", "value": …}`.
    private mutating func mark(_ path: [JSONValue]) {
        guard let step = path.first else {
            self = true
            return
        }
        let rest = Array(path.dropFirst())
        switch (self, step["value"]) {
        case (.object(var members), .string(let key)?):
            members[key, default: [:]].mark(rest)
            self = .object(members)
        case (.array(var elements), let index?):
            let number = index.integer ?? index["value"]?.integer ?? -1
            guard elements.indices.contains(Int(number)) else { return }
            elements[Int(number)].mark(rest)
            self = .array(elements)
        case (.object(var members), let key?):
            guard let name = key["value"]?.string else { return }
            members[name, default: [:]].mark(rest)
            self = .object(members)
        default:
            return
        }
    }
}
