/// The schemas of one resource type: `T` as answers show it, `T.Attributes` …, and the documents around it.
struct OpenAPISchemas<Caller: Sendable> {
    private let type: ResourceType<Caller>

    init(_ type: ResourceType<Caller>) {
        self.type = type
    }

    var all: [String: JSONValue] {
        let name = type.name
        return [
            name: resource,
            "\(name).Attributes": attributes,
            "\(name).Relationships": relationships,
            "\(name).Create": request(isNew: true),
            "\(name).Update": request(isNew: false),
            "\(name).Document": document(["oneOf": [.component("schemas/\(name)"), ["type": "null"]]]),
            "\(name).List": document(["type": "array", "items": .component("schemas/\(name)")]),
        ]
    }

    private var resource: JSONValue {
        [
            "type": "object",
            "required": ["type", "id", "attributes", "relationships"],
            "properties": [
                "type": ["const": .string(type.name)],
                "id": ["type": "string"],
                "attributes": .component("schemas/\(type.name).Attributes"),
                "relationships": .component("schemas/\(type.name).Relationships"),
            ],
            "additionalProperties": false,
        ]
    }

    /// What a caller may not read is absent, and so is what `fields` leaves out.
    private var attributes: JSONValue {
        let properties = type.attributes.map { ($0.name, $0.kind.schema(isNullable: $0.isRequired == false, in: .answer)) }
        return ["type": "object", "properties": .members(properties), "additionalProperties": false]
    }

    private var relationships: JSONValue {
        let properties = type.relationships.map { relationship -> (String, JSONValue) in
            let schema = "#/components/schemas/\(relationship.kind.isToMany ? "ToMany" : "ToOne").Relationship"
            return (relationship.name, ["$ref": .string(schema), "title": .string(relationship.target)])
        }
        return ["type": "object", "properties": .members(properties), "additionalProperties": false]
    }

    private func document(_ data: JSONValue) -> JSONValue {
        [
            "type": "object",
            "required": ["data"],
            "properties": [
                "data": data,
                "included": ["type": "array", "items": .component("schemas/Resource")],
                "meta": .component("schemas/Meta"),
            ],
            "additionalProperties": false,
        ]
    }

    // MARK: Requests

    private func request(isNew: Bool) -> JSONValue {
        let attributes = type.attributes.filter { $0.mutability == .always || (isNew && $0.mutability == .onCreate) }
        let required = attributes.filter { isNew && $0.isRequired && $0.defaultValue == .null }.map(\.name)
        let relationships = type.relationships.filter(\.isWritable)
        var members: [String: JSONValue] = [
            "type": ["const": .string(type.name)],
            "attributes": [
                "type": "object",
                "properties": .members(attributes.map { ($0.name, $0.requestSchema) }),
                "required": .array(required.map { .string($0) }),
                "additionalProperties": false,
            ],
            "relationships": [
                "type": "object",
                "properties": .members(relationships.map { ($0.name, $0.requestSchema) }),
                "additionalProperties": false,
            ],
        ]
        var needed: [JSONValue] = ["type"]
        if case .fromClient = type.identity { needed += isNew ? ["id"] : [] }
        if required.isEmpty == false { needed.append("attributes") }
        members["id"] = isNew ? ["type": "string"] : type.identity.schema
        return [
            "type": "object",
            "required": ["data"],
            "properties": ["data": ["type": "object", "required": .array(needed), "properties": .object(members)]],
        ]
    }
}

extension OpenAPISchemas where Caller == Void {
    /// What all types share.
    static var shared: [String: JSONValue] {
        [
            "Identifier": identifier,
            "Resource": [
                "type": "object",
                "required": ["type", "id", "attributes", "relationships"],
                "properties": [
                    "type": ["type": "string"], "id": ["type": "string"], "attributes": ["type": "object"],
                    "relationships": ["type": "object"],
                ],
            ],
            "ToOne": ["oneOf": [.component("schemas/Identifier"), ["type": "null"]]],
            "ToMany": ["type": "array", "items": .component("schemas/Identifier")],
            "ToOne.Relationship": relationship("ToOne"), "ToMany.Relationship": relationship("ToMany"),
            "ToOne.Document": linkage("ToOne"), "ToMany.Document": linkage("ToMany"),
            "Meta": ["type": "object"],
            "Error": [
                "type": "object",
                "required": ["detail", "status", "title"],
                "properties": [
                    "detail": ["type": "string"], "status": ["type": "string"], "title": ["type": "string"],
                    "source": ["type": "object", "properties": ["pointer": ["type": "string"], "parameter": ["type": "string"]]],
                ],
            ],
            "Errors": [
                "type": "object",
                "required": ["errors"],
                "properties": ["errors": ["type": "array", "minItems": 1, "items": .component("schemas/Error")]],
            ],
        ]
    }

    private static var identifier: JSONValue {
        [
            "type": "object", "required": ["type", "id"],
            "properties": ["type": ["type": "string"], "id": ["type": "string"]],
        ]
    }

    /// Long lists come without `data` until they are asked for; `meta` says so.
    private static func relationship(_ kind: String) -> JSONValue {
        [
            "type": "object",
            "minProperties": 1,
            "properties": ["data": .component("schemas/\(kind)"), "meta": .component("schemas/Meta")],
            "additionalProperties": false,
        ]
    }

    private static func linkage(_ kind: String) -> JSONValue {
        [
            "type": "object",
            "required": ["data"],
            "properties": ["data": .component("schemas/\(kind)"), "meta": .component("schemas/Meta")],
        ]
    }
}
