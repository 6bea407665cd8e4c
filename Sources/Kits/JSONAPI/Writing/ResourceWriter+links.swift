import Database

/// A resource's parent, resolved against the declared types.
struct Place<Caller: Sendable> {
    let parent: ResourceParent
    let relationship: ResourceRelationship
    let key: SQLValue

    init(_ parent: ResourceParent, of type: ResourceType<Caller>, in catalogue: ResourceCatalogue<Caller>) throws {
        let parentType = try catalogue.type(parent.type)
        guard let relationship = parentType.relationshipsByName[parent.relationship], relationship.target == type.name else {
            throw ResourceDeclarationError("\(parent.type) has no relationship \(parent.relationship) to \(type.name)")
        }
        guard let key = parentType.identity.key(parent.id) else { throw APIError.unknownIdentifier(parent.id, parent.type) }
        self.parent = parent
        self.relationship = relationship
        self.key = key
    }

    /// The column of the new row that holds the parent's key; nil when the link is kept at the other end.
    var column: String? {
        switch relationship.kind {
        case .toMany(let column), .toOneInverse(let column): column
        case .toOne, .toManyThrough: nil
        }
    }

    /// - Throws: `APIError` 409 when the relationship has room for one and holds one.
    func requireVacancy(for type: ResourceType<Caller>, in context: ResourceWriteContext<Caller>) throws {
        guard case .toOneInverse(let column) = relationship.kind else { return }
        let row = SQLTable.primary
        let taken = try context.transaction.row(
            "SELECT \(row["id"]) FROM \(type.source(row)) WHERE \(row[column]) = \(key) AND \(type.schema.exists(row)) LIMIT 1"
        )
        guard taken == nil else {
            throw APIError.conflict("This \(parent.type) has a \(relationship.name) already.")
        }
    }
}

extension ResourceWriter {
    /// Links a new resource to the parent that its path names, where the new row itself cannot hold the link. The
    /// parent's own rules decide about that.
    func attach(
        _ id: String,
        _ type: ResourceType<Caller>,
        to place: Place<Caller>,
        in context: ResourceWriteContext<Caller>
    ) throws {
        let new = ResourceIdentifier(type: type.name, id: id)
        switch place.relationship.kind {
        case .toMany, .toOneInverse:
            return
        case .toOne:
            let linkage: [String: ResourceLinkage] = [place.relationship.name: .one(new)]
            try update(place.parent.type, id: place.parent.id, attributes: [:], relationships: linkage, in: context)
        case .toManyThrough:
            let parentType = try catalogue.type(place.parent.type)
            let linked = try visibleTargets(of: place.relationship, from: place.key, in: parentType, context)
            let all = (linked + [id]).map { ResourceIdentifier(type: type.name, id: $0) }
            let linkage: [String: ResourceLinkage] = [place.relationship.name: .many(all)]
            try update(place.parent.type, id: place.parent.id, attributes: [:], relationships: linkage, in: context)
        }
    }

    /// Brings the tables of pairs to what the draft says. Links to what the caller cannot see stay as they are.
    ///
    /// - Returns: Whether anything changed.
    @discardableResult
    func link(_ draft: ResourceDraft, _ type: ResourceType<Caller>, _ context: ResourceWriteContext<Caller>) throws -> Bool {
        var changed = false
        for (name, wanted) in draft.links.sorted(by: { $0.key < $1.key }) {
            guard let relationship = type.relationshipsByName[name], let owner = type.identity.key(draft.id),
                case .toManyThrough(let table, let column, let targetColumn) = relationship.kind
            else { continue }
            let target = try catalogue.target(of: relationship)
            let linked = Set(try visibleTargets(of: relationship, from: owner, in: type, context))
            let wanted = Set(wanted.compactMap { target.identity.key($0)?.identifier })
            for key in linked.subtracting(wanted).sorted().compactMap(target.identity.key) {
                changed = true
                try context.transaction.execute(
                    """
                    DELETE FROM \(identifier: table) \
                    WHERE \(identifier: column) = \(owner) AND \(identifier: targetColumn) = \(key)
                    """
                )
            }
            for key in wanted.subtracting(linked).sorted().compactMap(target.identity.key) {
                changed = true
                try context.transaction.execute(
                    """
                    INSERT INTO \(identifier: table) (\(identifier: column), \(identifier: targetColumn)) \
                    VALUES (\(owner), \(key)) ON CONFLICT DO NOTHING
                    """
                )
            }
        }
        return changed
    }

    func visibleTargets(
        of relationship: ResourceRelationship,
        from key: SQLValue,
        in type: ResourceType<Caller>,
        _ context: ResourceWriteContext<Caller>
    ) throws -> [String] {
        try PathResolver(caller: context.caller, connection: context.transaction)
            .targets(of: relationship, fromKey: key, in: type, as: try catalogue.target(of: relationship))
    }
}
