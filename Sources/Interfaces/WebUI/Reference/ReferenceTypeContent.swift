import JSONAPI

/// What the page of one type shows.
struct ReferenceTypeContent: Sendable {
    struct Attribute: Sendable {
        let name: String
        let kind: String
        let setting: String
    }

    struct Relationship: Sendable {
        let name: String
        let kind: String
        let setting: String
    }

    let name: String
    let attributes: [Attribute]
    let hasAttributes: Bool
    let relationships: [Relationship]
    let hasRelationships: Bool
    let operations: [ReferenceOperation]

    /// - Returns: nil when the document has no such type.
    init?(_ name: String, in document: JSONValue) {
        let operations = ReferenceOperation.all(in: document).filter { $0.tag == name }
        guard operations.isEmpty == false else { return nil }
        let schemas = document["components"]?["schemas"]
        let new = schemas?["\(name).Create"]?["properties"]?["data"]?["properties"]
        let changed = schemas?["\(name).Update"]?["properties"]?["data"]?["properties"]
        let methods = Set(operations.map(\.method))
        func setting(_ member: String, _ group: String) -> String {
            let isRequired = new?[group]?["required"]?.array?.contains(.string(member)) == true
            let onCreate = methods.contains("POST") && new?[group]?["properties"]?[member] != nil
            let onUpdate = methods.contains("PATCH") && changed?[group]?["properties"]?[member] != nil
            if isRequired, onCreate { return onUpdate ? "required" : "required, set once" }
            if onCreate { return onUpdate ? "may be set" : "may be set once" }
            return onUpdate ? "may be changed" : "read only"
        }
        self.name = name
        self.operations = operations
        attributes = Self.members(schemas?["\(name).Attributes"]).map { member, schema in
            let request = new?["attributes"]?["properties"]?[member]
            return Attribute(name: member, kind: Self.kind(request ?? schema), setting: setting(member, "attributes"))
        }
        relationships = Self.members(schemas?["\(name).Relationships"]).map { member, schema in
            let isToMany = schema["$ref"]?.string?.hasSuffix("/ToMany.Relationship") == true
            let target = schema["title"]?.string ?? "resource"
            return Relationship(
                name: member,
                kind: isToMany ? "list of \(target)" : "one \(target), or none",
                setting: setting(member, "relationships")
            )
        }
        hasAttributes = attributes.isEmpty == false
        hasRelationships = relationships.isEmpty == false
    }

    private static func members(_ schema: JSONValue?) -> [(String, JSONValue)] {
        (schema?["properties"]?.object ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func kind(_ schema: JSONValue) -> String {
        if let values = schema["enum"]?.array { return "one of " + values.compactMap(\.string).joined(separator: ", ") }
        if schema["pattern"] != nil { return "date" }
        switch schema["type"]?.string ?? schema["type"]?.array?.first?.string {
        case "string": return schema["maxLength"]?.integer.map { "text, at most \($0) characters" } ?? "text"
        case "integer": return "whole number"
        case "boolean": return "true or false"
        case "array": return "list of texts"
        default: return ""
        }
    }
}
