import Database

/// Asks for the linkage of many relationships, and for the visibility of many resources, in one statement: each
/// question is an arm of a `UNION ALL`.
struct LinkageQuery<Caller: Sendable> {
    /// What one question found. The owner is nil where there was none to ask for.
    typealias Found = [(owner: String?, target: String)]

    private let scope: ReadScope<Caller>
    private var arms: [SQL] = []

    init(scope: ReadScope<Caller>) {
        self.scope = scope
    }

    /// Which of these ids the caller may see.
    ///
    /// - Returns: The number of the question.
    mutating func addVisibility(of ids: Set<String>, _ type: ResourceType<Caller>) throws -> Int {
        let row = SQLTable.primary
        let keys = ids.sorted().compactMap { type.identity.key($0) }
        return add(
            owner: nil,
            target: row["id"],
            source: type.source(row),
            where: SQL.isMember(row["id"], of: keys, dialect: scope.dialect),
            try shownRows(of: type, row)
        )
    }

    /// What hangs on the owners by a relationship whose key is at the other end, or in a table of pairs.
    ///
    /// - Returns: The number of the question; nil for a to-one relationship, which the owner itself answers.
    mutating func addTargets(
        of relationship: ResourceRelationship,
        from owners: [ResourceIdentifier],
        _ type: ResourceType<Caller>
    ) throws -> Int? {
        let target = try scope.catalogue.target(of: relationship)
        let row = SQLTable.primary
        let owner: SQL
        let source: SQL
        switch relationship.kind {
        case .toOne:
            return nil
        case .toOneInverse(let column), .toMany(let column):
            owner = row[column]
            source = target.source(row)
        case .toManyThrough(let table, let column, let targetColumn):
            let pair = row.nested
            owner = pair[column]
            source = """
                \(identifier: table) AS \(identifier: pair.alias) \
                JOIN \(target.source(row)) ON \(row["id"]) = \(pair[targetColumn])
                """
        }
        let keys = owners.compactMap { type.identity.key($0.id) }
        return add(
            owner: owner,
            target: row["id"],
            source: source,
            where: SQL.isMember(owner, of: keys, dialect: scope.dialect),
            try shownRows(of: target, row)
        )
    }

    /// The answers, by the number of the question.
    func run() throws -> [Found] {
        var found = [Found](repeating: [], count: arms.count)
        guard arms.isEmpty == false else { return found }
        for row in try scope.connection.rows(.joined(arms, separator: " UNION ALL ")) {
            guard case .integer(let arm) = row.values[0], let target = row.values[2].identifier else { continue }
            found[Int(arm)].append((row.values[1].identifier, target))
        }
        return found
    }

    /// Ids are compared as text across the arms: those of jobs are numbers, all others are text.
    private mutating func add(owner: SQL?, target: SQL, source: SQL, where conditions: SQL...) -> Int {
        let number = arms.count
        let owner = owner ?? "NULL"
        arms.append(
            """
            SELECT CAST(\(number) AS BIGINT) AS arm, CAST(\(owner) AS TEXT) AS owner_key, CAST(\(target) AS TEXT) AS target_key \
            FROM \(source) WHERE \(.joined(conditions, separator: " AND "))
            """
        )
        return number
    }

    /// The rows of a type that linkage may name: visible, and within the filter that the request has for the type.
    private func shownRows(of type: ResourceType<Caller>, _ row: SQLTable) throws -> SQL {
        let visible = type.visible(to: scope.caller, row)
        guard let filter = scope.query.filters[type.name] else { return visible }
        let compiler = FilterCompiler(scope: scope, parameter: filter.parameter)
        return "\(visible) AND \(try compiler.condition(filter.expression, on: type, row))"
    }
}
