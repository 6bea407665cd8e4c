/// All declared types, checked against each other.
struct ResourceCatalogue<Caller: Sendable>: Sendable {
    let types: [String: ResourceType<Caller>]

    init(_ schemas: [ResourceSchema<Caller>]) throws(ResourceDeclarationError) {
        var types: [String: ResourceType<Caller>] = [:]
        for schema in schemas {
            guard types.updateValue(try ResourceType(schema), forKey: schema.type) == nil else {
                throw ResourceDeclarationError("the type \(schema.type) is declared twice")
            }
        }
        for schema in schemas {
            for relationship in schema.relationships where types[relationship.target] == nil {
                throw ResourceDeclarationError(
                    "\(schema.type).\(relationship.name) points at \(relationship.target), which is not declared"
                )
            }
        }
        self.types = types
    }

    func type(_ name: String) throws -> ResourceType<Caller> {
        guard let type = types[name] else { throw ResourceDeclarationError("the type \(name) is not declared") }
        return type
    }

    func target(of relationship: ResourceRelationship) throws -> ResourceType<Caller> {
        try type(relationship.target)
    }
}
