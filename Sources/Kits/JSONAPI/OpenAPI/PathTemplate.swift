/// A path as documentation names it: `/organization/{organizationId}/workspace`.
struct PathTemplate<Caller: Sendable> {
    let text: String
    /// The parameters in the path, with the types that they identify.
    let identifiers: [(name: String, type: ResourceType<Caller>)]
    let end: ResourcePath<Caller>.End
    /// What the primary data is.
    let type: ResourceType<Caller>
    /// The type at whose relationship the path ends.
    let owner: ResourceType<Caller>?

    /// Every path of an API, but for those that go round: below a record come its relationships, and below these the
    /// records that belong to it alone. What is merely linked has its paths elsewhere.
    static func all(in catalogue: ResourceCatalogue<Caller>) throws -> [PathTemplate] {
        let roots = catalogue.types.values.filter(\.schema.isRoot).sorted { $0.name < $1.name }
        return try roots.flatMap { type in
            let list = PathTemplate(text: "/\(type.name)", identifiers: [], end: .root(type), type: type, owner: nil)
            return [list] + (try list.record(above: [], in: catalogue))
        }
    }

    /// The record of a list with all that hangs below it.
    private func record(above: [String], in catalogue: ResourceCatalogue<Caller>) throws -> [PathTemplate] {
        let identifier = "\(type.name)Id"
        let name = identifiers.contains { $0.name == identifier } ? "\(identifier)\(identifiers.count + 1)" : identifier
        let record = PathTemplate(
            text: "\(text)/{\(name)}",
            identifiers: identifiers + [(name, type)],
            end: .record,
            type: type,
            owner: owner
        )
        // A type that the path has been through already is described there.
        guard above.contains(type.name) == false, try isContained(in: catalogue) else { return [record] }
        return try [record]
            + type.relationships.flatMap { relationship in
                try record.relationship(relationship, above: above + [type.name], in: catalogue)
            }
    }

    private func relationship(
        _ relationship: ResourceRelationship,
        above: [String],
        in catalogue: ResourceCatalogue<Caller>
    ) throws -> [PathTemplate] {
        let target = try catalogue.target(of: relationship)
        let related = PathTemplate(
            text: "\(text)/\(relationship.name)",
            identifiers: identifiers,
            end: .related(relationship, target),
            type: target,
            owner: type
        )
        let linkage = PathTemplate(
            text: "\(text)/relationships/\(relationship.name)",
            identifiers: identifiers,
            end: .linkage(relationship, target),
            type: target,
            owner: type
        )
        guard relationship.holdsRecords else { return [related, linkage] }
        return [related, linkage] + (try related.record(above: above, in: catalogue))
    }

    /// Whether the resources of this list belong to the record before it: nobody can link them to another one.
    private func isContained(in catalogue: ResourceCatalogue<Caller>) throws -> Bool {
        guard case .related(let relationship, let target) = end else { return true }
        guard let column = relationship.ownerColumn else { return false }
        return target.relationships.contains { other in
            guard case .toOne(column) = other.kind else { return false }
            return other.isWritable
        } == false
    }
}

extension ResourceRelationship {
    /// Whether the resources at the other end have paths of their own below this one.
    var holdsRecords: Bool {
        if case .toOne = kind { false } else { true }
    }

    /// The column of the other's row that holds this one's id.
    var ownerColumn: String? {
        switch kind {
        case .toMany(let column), .toOneInverse(let column): column
        case .toOne, .toManyThrough: nil
        }
    }
}
