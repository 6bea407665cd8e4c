import Database

/// Turns a filter into a condition on rows.
///
/// What the caller may not read never matches, whatever the comparison: neither rows at the other end of a
/// relationship nor the values of hidden attributes can be probed.
///
/// A path crosses few relationships and one to-many among them at most: the cost of each further one multiplies.
struct FilterCompiler<Caller: Sendable> {
    static var maximumHops: Int { 4 }

    let scope: ReadScope<Caller>
    /// The query parameter that the filter came in, for errors.
    let parameter: String

    /// - Throws: `APIError` that names what the type lacks, or a value that cannot be compared.
    func condition(_ filter: RSQL, on type: ResourceType<Caller>, _ row: SQLTable) throws -> SQL {
        switch filter {
        case .all(let parts): .all(try parts.map { try condition($0, on: type, row) })
        case .any(let parts): .any(try parts.map { try condition($0, on: type, row) })
        case .comparison(let comparison): try condition(comparison, on: type, row)
        }
    }

    private func condition(_ comparison: RSQL.Comparison, on type: ResourceType<Caller>, _ row: SQLTable) throws -> SQL {
        guard comparison.path.count <= Self.maximumHops + 1 else {
            throw APIError.badRequest("A filter's path crosses at most \(Self.maximumHops) relationships.", parameter: parameter)
        }
        guard let collection = CollectionComparison(comparison), try crossesToMany(comparison.path, from: type) else {
            return try condition(comparison, comparison.path[...], on: type, row)
        }
        // Each is a subquery of its own.
        guard collection.members.count <= RSQL.maximumHops else {
            let detail = "\(comparison.comparator.rawValue) takes at most \(RSQL.maximumHops) values here."
            throw APIError.badRequest(detail, parameter: parameter)
        }
        let exists = try collection.members.map { try condition($0, comparison.path[...], on: type, row) }
        return collection.isNegated ? "NOT \(SQL.all(exists))" : .all(exists)
    }

    /// Whether a path leads to an attribute by way of a list of resources.
    private func crossesToMany(_ path: [String], from type: ResourceType<Caller>) throws -> Bool {
        var type = type
        for name in path.dropLast() {
            guard let relationship = type.relationshipsByName[name] else { return false }
            if relationship.kind.isToMany { return true }
            type = try scope.catalogue.target(of: relationship)
        }
        return false
    }

    private func condition(
        _ comparison: RSQL.Comparison,
        _ path: ArraySlice<String>,
        on type: ResourceType<Caller>,
        _ row: SQLTable,
        hasCrossedToMany: Bool = false
    ) throws -> SQL {
        guard let name = path.first else { return "TRUE" }
        if let relationship = type.relationshipsByName[name] {
            let isToMany = relationship.kind.isToMany
            guard isToMany == false || hasCrossedToMany == false else {
                throw APIError.badRequest("A filter's path crosses at most one to-many relationship.", parameter: parameter)
            }
            let target = try scope.catalogue.target(of: relationship)
            let other = row.nested
            var condition: SQL = "\(relationship.links(row, to: other)) AND \(target.visible(to: scope.caller, other))"
            guard path.count == 1 else {
                let crossed = hasCrossedToMany || isToMany
                let inner = try self.condition(comparison, path.dropFirst(), on: target, other, hasCrossedToMany: crossed)
                condition += " AND \(inner)"
                return "EXISTS (SELECT 1 FROM \(target.source(other)) WHERE \(condition))"
            }
            let exists: SQL = "EXISTS (SELECT 1 FROM \(target.source(other)) WHERE \(condition))"
            return try wantsAbsence(comparison, of: relationship) ? "NOT \(exists)" : exists
        }
        guard path.count == 1 else { throw unknown(name, in: type) }
        if name == "id" {
            let kind: ResourceAttributeKind = if case .integer = type.identity { .integer } else { .string(limit: 255) }
            return try compiler(comparison, kind, name).condition(row["id"])
        }
        guard let attribute = type.attributesByName[name] else { throw unknown(name, in: type) }
        let condition = try compiler(comparison, attribute.kind, name).condition(attribute.operand(row))
        guard let isReadable = attribute.isReadable else { return condition }
        return "(\(isReadable(scope.caller, row)) AND \(condition))"
    }

    /// `project=isnull=true`, `job=isempty=false`.
    private func wantsAbsence(_ comparison: RSQL.Comparison, of relationship: ResourceRelationship) throws -> Bool {
        switch comparison.comparator {
        case .isNull, .isEmpty: return try compiler(comparison, .boolean, relationship.name).flag()
        default:
            throw APIError.badRequest(
                "\(relationship.name) is a relationship: compare one of its attributes, or use =isnull=.",
                parameter: parameter
            )
        }
    }

    private func compiler(_ comparison: RSQL.Comparison, _ kind: ResourceAttributeKind, _ name: String) -> ComparisonCompiler {
        ComparisonCompiler(comparison: comparison, kind: kind, name: name, dialect: scope.dialect, parameter: parameter)
    }

    private func unknown(_ name: String, in type: ResourceType<Caller>) -> APIError {
        .badRequest("Unknown attribute \(name.quotable) in \(type.name)", parameter: parameter)
    }
}

extension ResourceAttribute {
    /// What is compared, sorted by and shown.
    func operand(_ row: SQLTable) -> SQL {
        expression.map { "(\($0(row)))" } ?? row[column]
    }
}
