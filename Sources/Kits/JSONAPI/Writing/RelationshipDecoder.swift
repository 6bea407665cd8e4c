import Database

/// Turns the relationships that a client sent into columns and links.
///
/// What is linked to must exist and be readable for the caller. A relationship that clients may not set is accepted
/// when it says what is so already: they echo what they read.
struct RelationshipDecoder<Caller: Sendable> {
    let catalogue: ResourceCatalogue<Caller>
    let type: ResourceType<Caller>
    let context: ResourceWriteContext<Caller>
    /// The stored row; nil when the row is new.
    let previous: SQLRow?
    /// The column that the path has decided, with its value.
    let parent: (column: String, key: SQLValue)?

    struct Result {
        var columns: [String: SQLValue] = [:]
        var links: [String: Set<String>] = [:]
        var sent: Set<String> = []
    }

    func decode(_ relationships: [String: ResourceLinkage]) throws -> Result {
        var result = Result()
        if let parent { result.columns[parent.column] = parent.key }
        for (name, linkage) in relationships.sorted(by: { $0.key < $1.key }) {
            guard let relationship = type.relationshipsByName[name] else {
                throw APIError(
                    status: 404,
                    title: "Unknown relationship",
                    detail: "Unknown relationship \(name.quotable) in \(type.name)",
                    pointer: "/data/relationships/\(name.asPointerToken)"
                )
            }
            switch (relationship.kind, linkage) {
            case (.toOne(let column), .one(let target)):
                try decode(target, relationship, column, into: &result)
            case (.toManyThrough, .many(let targets)) where relationship.isWritable:
                result.links[name] = try identifiers(of: targets, relationship)
                result.sent.insert(name)
            case (.toOneInverse, .one), (.toMany, .many), (.toManyThrough, .many):
                guard try isUnchanged(relationship, linkage) else { throw readOnly(relationship) }
            case (_, .one):
                throw APIError.invalid(relationship: name, "\(name) holds a list of resources.")
            case (_, .many):
                throw APIError.invalid(relationship: name, "\(name) holds one resource or null.")
            }
        }
        if previous == nil { try requireAll(result) }
        return result
    }

    private func decode(
        _ target: ResourceIdentifier?,
        _ relationship: ResourceRelationship,
        _ column: String,
        into result: inout Result
    ) throws {
        let name = relationship.name
        if let parent, parent.column == column {
            let type = try catalogue.target(of: relationship)
            guard let target, target.type == type.name, type.identity.key(target.id) == parent.key else {
                throw APIError.invalid(relationship: name, "\(name) is another one than the path names.")
            }
            result.sent.insert(name)
            return
        }
        guard relationship.isWritable else {
            guard try isUnchanged(relationship, .one(target)) else { throw readOnly(relationship) }
            return
        }
        guard let target else {
            guard relationship.isRequired == false else { throw APIError.invalid(relationship: name, "\(name) is required.") }
            result.columns[column] = .null
            result.sent.insert(name)
            return
        }
        result.columns[column] = try key(of: target, relationship, stored: try previous?.raw(column))
        result.sent.insert(name)
    }

    /// The key of a resource that is linked to.
    ///
    /// - Parameter stored: What is linked already; that needs no second look.
    private func key(of target: ResourceIdentifier, _ relationship: ResourceRelationship, stored: SQLValue?) throws -> SQLValue {
        let type = try catalogue.target(of: relationship)
        let key = try possibleKey(of: target, relationship, type)
        if key == stored { return key }
        guard try visible([key], of: type).isEmpty == false else { throw unknown(target, relationship) }
        return key
    }

    /// The ids of resources that are linked to, looked up in one statement however many they are.
    private func identifiers(of targets: [ResourceIdentifier], _ relationship: ResourceRelationship) throws -> Set<String> {
        let type = try catalogue.target(of: relationship)
        var keys: [String: (key: SQLValue, target: ResourceIdentifier)] = [:]
        for target in targets {
            let key = try possibleKey(of: target, relationship, type)
            keys[key.identifier ?? target.id] = (key, target)
        }
        let found = try visible(keys.values.map(\.key), of: type)
        for (id, wanted) in keys.sorted(by: { $0.key < $1.key }) where found.contains(id) == false {
            throw unknown(wanted.target, relationship)
        }
        return found
    }

    private func possibleKey(
        of target: ResourceIdentifier,
        _ relationship: ResourceRelationship,
        _ type: ResourceType<Caller>
    ) throws(APIError) -> SQLValue {
        guard target.type == type.name else {
            throw .invalid(
                relationship: relationship.name,
                "\(relationship.name) takes the type \(type.name), not \(target.type.quotable)."
            )
        }
        guard let key = type.identity.key(target.id) else {
            throw .invalid(relationship: relationship.name, "Invalid value: \(target.id.quotable)")
        }
        return key
    }

    /// Those of the keys that the caller may link to, as ids.
    private func visible(_ keys: [SQLValue], of type: ResourceType<Caller>) throws -> Set<String> {
        guard keys.isEmpty == false else { return [] }
        let row = SQLTable.primary
        let found = try context.transaction.rows(
            """
            SELECT \(row["id"]) FROM \(type.source(row)) \
            WHERE \(SQL.isMember(row["id"], of: keys, dialect: context.transaction.dialect)) AND \(type.visible(to: context.caller, row))
            """
        )
        return Set(found.compactMap { $0.values[0].identifier })
    }

    private func unknown(_ target: ResourceIdentifier, _ relationship: ResourceRelationship) -> APIError {
        .invalid(relationship: relationship.name, "Unknown identifier \(target.id.quotable) for \(relationship.target)")
    }

    private func isUnchanged(_ relationship: ResourceRelationship, _ linkage: ResourceLinkage) throws -> Bool {
        guard let previous else { return linkage.identifiers.isEmpty }
        let resolver = PathResolver(caller: context.caller, connection: context.transaction)
        let target = try catalogue.target(of: relationship)
        let linked = try resolver.targets(of: relationship, fromKey: try previous.raw("id"), in: type, as: target)
        return Set(linked) == Set(linkage.identifiers.map(\.id))
    }

    private func requireAll(_ result: Result) throws {
        for relationship in type.relationships where relationship.isRequired {
            guard case .toOne(let column) = relationship.kind, result.columns[column] ?? .null == .null else { continue }
            throw APIError.invalid(relationship: relationship.name, "\(relationship.name) is required.")
        }
    }

    private func readOnly(_ relationship: ResourceRelationship) -> APIError {
        APIError(
            status: 403,
            title: "Forbidden",
            detail: "\(relationship.name) cannot be set here.",
            pointer: "/data/relationships/\(relationship.name)"
        )
    }
}
