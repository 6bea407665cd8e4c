import Database

/// Cuts the wanted page out of a list and describes it.
struct ListPager<Caller: Sendable> {
    let scope: ReadScope<Caller>
    let type: ResourceType<Caller>
    /// Which rows are in the list.
    let condition: SQL

    private var page: ResourcePage { scope.query.page }

    /// - Parameter select: Makes the statement from a condition and from what follows it. Its first column is the id.
    func rows(_ select: (_ condition: SQL, _ rest: SQL) -> SQL) throws -> (rows: [SQLRow], meta: JSONValue?) {
        let order = try SortCompiler(scope: scope).order(scope.query.sort, of: type, .primary)
        let id = SQLTable.primary["id"]
        switch page.position {
        case .none:
            // One more than is shown tells whether something was cut off.
            let rows = try scope.connection.rows(select(condition, " ORDER BY \(order) LIMIT \(page.size + 1)"))
            guard rows.count > page.size else { return (rows, nil) }
            return (Array(rows.prefix(page.size)), ["truncated": true])
        case .offset(let offset):
            let rows = try scope.connection.rows(select(condition, " ORDER BY \(order) LIMIT \(page.size) OFFSET \(offset)"))
            return (rows, try meta(["number": .integer(Int64(offset / page.size + 1))]))
        case .after(let cursor):
            let later: SQL = try cursor.map { "\(condition) AND \(id) > \(try key($0, "after"))" } ?? condition
            let rows = try scope.connection.rows(select(later, " ORDER BY \(id) LIMIT \(page.size)"))
            return (rows, try meta(cursors(rows)))
        case .before(let cursor):
            let earlier: SQL = try cursor.map { "\(condition) AND \(id) < \(try key($0, "before"))" } ?? condition
            let rows = try scope.connection.rows(select(earlier, " ORDER BY \(id) DESC LIMIT \(page.size)"))
            return (rows.reversed(), try meta(cursors(rows.reversed())))
        }
    }

    private func key(_ cursor: String, _ name: String) throws -> SQLValue {
        guard let key = type.identity.key(cursor) else {
            throw APIError.badRequest("Invalid value: \(cursor.quotable)", parameter: "page[\(name)]")
        }
        return key
    }

    private func cursors(_ rows: [SQLRow]) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        if let first = rows.first?.values[0].identifier { members["startCursor"] = .string(first) }
        if let last = rows.last?.values[0].identifier { members["endCursor"] = .string(last) }
        return members
    }

    private func meta(_ members: [String: JSONValue]) throws -> JSONValue {
        var members = members
        members["limit"] = .integer(Int64(page.size))
        if page.wantsTotals {
            let total: Int64 =
                try scope.connection.row(
                    "SELECT COUNT(*) AS total FROM \(type.source(.primary)) WHERE \(condition)"
                )?.get("total") ?? 0
            members["totalRecords"] = .integer(total)
            members["totalPages"] = .integer((total + Int64(page.size) - 1) / Int64(page.size))
        }
        return ["page": .object(members)]
    }
}
