/// Where a value stands: requests have limits, and take a date in any form that ISO 8601 has.
enum OpenAPISide {
    case request, answer
}

extension ResourceAttributeKind {
    /// The JSON Schema of a value.
    func schema(isNullable: Bool, in side: OpenAPISide) -> JSONValue {
        var members: [String: JSONValue]
        switch self {
        case .string(let limit):
            members = ["type": "string"]
            if side == .request { members["maxLength"] = .integer(Int64(limit)) }
        case .integer: members = ["type": "integer", "format": "int64"]
        case .boolean: members = ["type": "boolean"]
        case .date: members = ["type": "string", "pattern": .string(Self.datePattern), "examples": ["2026-01-02T03:04Z"]]
        case .enumeration(let values):
            members = ["type": "string", "enum": .array(values.map { .string($0) } + (isNullable ? [.null] : []))]
        case .strings: members = ["type": "array", "items": ["type": "string"]]
        }
        if isNullable, let type = members["type"] { members["type"] = [type, "null"] }
        return .object(members)
    }

    private static let datePattern =
        "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]Z$"
}

extension ResourceAttribute {
    var requestSchema: JSONValue {
        guard case .object(var members) = kind.schema(isNullable: isRequired == false, in: .request) else { return [:] }
        if defaultValue != .null { members["default"] = defaultValue }
        if isReadable != nil { members["description"] = "Not everybody may read it." }
        return .object(members)
    }
}

extension ResourceRelationship {
    var requestSchema: JSONValue {
        let identifier: JSONValue = [
            "type": "object",
            "required": ["type", "id"],
            "properties": ["type": ["const": .string(target)], "id": ["type": "string"]],
        ]
        let data: JSONValue =
            if kind.isToMany {
                ["type": "array", "items": identifier]
            } else if isRequired {
                identifier
            } else {
                ["oneOf": [identifier, ["type": "null"]]]
            }
        return ["type": "object", "required": ["data"], "properties": ["data": data]]
    }
}

extension ResourceIdentity {
    /// The JSON Schema of an id; a number too stands in documents as a string.
    var schema: JSONValue {
        switch self {
        case .uuid: ["type": "string", "format": "uuid"]
        case .integer: ["type": "string", "pattern": "^[0-9]{1,18}$"]
        case .fromClient: ["type": "string", "minLength": 1, "maxLength": .integer(Int64(Self.maximumLength)), "pattern": "^[ -~]+$"]
        }
    }
}

extension JSONValue {
    /// An object of members that have different names.
    static func members(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))
    }
}
