import Database

/// A declared type, indexed for look-up, with the attributes that an audited type has by itself.
struct ResourceType<Caller: Sendable>: Sendable {
    let schema: ResourceSchema<Caller>
    /// Sorted by name, which is their order on the wire.
    let attributes: [ResourceAttribute<Caller>]
    let attributesByName: [String: ResourceAttribute<Caller>]
    /// Sorted by name, which is their order on the wire.
    let relationships: [ResourceRelationship]
    let relationshipsByName: [String: ResourceRelationship]

    var name: String { schema.type }
    var table: String { schema.table }
    var identity: ResourceIdentity { schema.identity }

    init(_ schema: ResourceSchema<Caller>) throws(ResourceDeclarationError) {
        let audit: [ResourceAttribute<Caller>] = [
            ResourceAttribute("createdDate", .date, mutability: .ignored),
            ResourceAttribute("createdBy", .string(limit: 128), mutability: .ignored),
            ResourceAttribute("updatedDate", .date, mutability: .ignored),
            ResourceAttribute("updatedBy", .string(limit: 128), mutability: .ignored),
        ]
        self.schema = schema
        attributes = (schema.attributes + (schema.isAudited ? audit : [])).sorted { $0.name < $1.name }
        relationships = schema.relationships.sorted { $0.name < $1.name }
        let names = attributes.map(\.name) + relationships.map(\.name)
        // JSON:API reserves `type` too, but Terrakube's actions have an attribute of that name.
        var seen: Set<String> = ["id"]
        for name in names where seen.insert(name).inserted == false {
            throw ResourceDeclarationError("\(schema.type) declares \(name) twice, or the name is reserved")
        }
        for attribute in attributes where attribute.defaultValue != .null {
            do {
                _ = try attribute.kind.decode(attribute.defaultValue)
            } catch {
                throw ResourceDeclarationError("the default of \(schema.type).\(attribute.name) is invalid: it \(error.reason)")
            }
        }
        attributesByName = Dictionary(attributes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        relationshipsByName = Dictionary(relationships.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The rows that are there and that the caller may read.
    func visible(to caller: Caller, _ row: SQLTable) -> SQL {
        "(\(schema.exists(row))) AND (\(schema.isReadable(caller, row)))"
    }
}

/// Declarations that contradict each other: a mistake of the program, found when it starts.
package struct ResourceDeclarationError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
