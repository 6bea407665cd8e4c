import Database

/// Turns one comparison with an attribute into a condition.
///
/// A missing value differs from every value: `!=`, `=out=`, `=outi=` and `=notbetween=` match NULL, the others do not.
struct ComparisonCompiler {
    let comparison: RSQL.Comparison
    let kind: ResourceAttributeKind
    /// The attribute's name, for errors.
    let name: String
    let dialect: SQLDialect
    let parameter: String

    func condition(_ operand: SQL) throws -> SQL {
        switch (comparison.comparator, kind) {
        case (.isNull, _): return try flag() ? "\(operand) IS NULL" : "\(operand) IS NOT NULL"
        case (_, .strings): return try listCondition(operand)
        case (.isEmpty, _), (.hasMember, _), (.hasNoMember, _): throw unsupported()
        case (_, .date): return try dateCondition(operand)
        case (_, .string): return try textCondition(operand)
        default: return try scalarCondition(operand)
        }
    }

    /// The argument of `=isnull=` and `=isempty=`.
    func flag() throws -> Bool {
        switch comparison.arguments.first {
        case "true", "1": return true
        case "false", "0": return false
        default: throw APIError.badRequest("\(comparison.comparator.rawValue) takes true or false.", parameter: parameter)
        }
    }

    private func scalarCondition(_ operand: SQL) throws -> SQL {
        let values = try comparison.arguments.map(value)
        switch comparison.comparator {
        case .equal, .isIn: return "\(operand) IN (\(list(values)))"
        case .notEqual, .isOut: return missing(operand, or: "\(operand) NOT IN (\(list(values)))")
        case .less: return "\(operand) < \(values[0])"
        case .lessOrEqual: return "\(operand) <= \(values[0])"
        case .greater: return "\(operand) > \(values[0])"
        case .greaterOrEqual: return "\(operand) >= \(values[0])"
        case .between: return "\(operand) BETWEEN \(values[0]) AND \(values[1])"
        case .notBetween: return missing(operand, or: "\(operand) NOT BETWEEN \(values[0]) AND \(values[1])")
        default: throw unsupported()
        }
    }

    private func textCondition(_ operand: SQL) throws -> SQL {
        let argument = comparison.arguments[0]
        switch comparison.comparator {
        case .equal: return wildcard(operand, argument) ?? "\(operand) = \(argument)"
        case .notEqual: return missing(operand, or: wildcard(operand, argument).map { "NOT \($0)" } ?? "\(operand) <> \(argument)")
        case .prefix: return like(operand, argument, openStart: false, openEnd: true)
        case .postfix: return like(operand, argument, openStart: true, openEnd: false)
        case .infix: return like(operand, argument, openStart: true, openEnd: true)
        case .isInIgnoringCase: return "lower(\(operand)) IN (\(loweredList))"
        case .isOutIgnoringCase: return missing(operand, or: "lower(\(operand)) NOT IN (\(loweredList))")
        default: return try scalarCondition(operand)
        }
    }

    /// A date is as precise as it was written: `==2026-01-02` means that day.
    private func dateCondition(_ operand: SQL) throws -> SQL {
        let dates = try comparison.arguments.map { argument in
            guard let date = ISODate(argument) else { throw invalid(argument) }
            return date
        }
        let within = SQL.any(dates.map { "\(operand) >= \($0.start) AND \(operand) < \($0.end)" })
        switch comparison.comparator {
        case .equal, .isIn: return within
        case .notEqual, .isOut: return missing(operand, or: "NOT \(within)")
        case .less: return "\(operand) < \(dates[0].start)"
        case .lessOrEqual: return "\(operand) < \(dates[0].end)"
        case .greater: return "\(operand) >= \(dates[0].end)"
        case .greaterOrEqual: return "\(operand) >= \(dates[0].start)"
        case .between: return "(\(operand) >= \(dates[0].start) AND \(operand) < \(dates[1].end))"
        case .notBetween: return missing(operand, or: "\(operand) < \(dates[0].start) OR \(operand) >= \(dates[1].end)")
        default: throw unsupported()
        }
    }

    private func listCondition(_ operand: SQL) throws -> SQL {
        switch comparison.comparator {
        case .isEmpty:
            let empty: SQL = "(\(operand) IS NULL OR \(operand) = '[]')"
            return try flag() ? empty : "NOT \(empty)"
        case .hasMember: return hasMember(operand)
        case .hasNoMember: return "NOT \(hasMember(operand))"
        case .subset: return "NOT \(hasOther(operand))"
        case .noSubset: return hasOther(operand)
        case .superset: return hasAll(operand)
        case .noSuperset: return "NOT \(hasAll(operand))"
        default: throw unsupported()
        }
    }

    private func hasMember(_ operand: SQL) -> SQL {
        "EXISTS (SELECT 1 FROM \(members(operand)) WHERE member.value = \(comparison.arguments[0]))"
    }

    /// Whether there is a member besides the arguments. A missing list is an empty one.
    private func hasOther(_ operand: SQL) -> SQL {
        "EXISTS (SELECT 1 FROM \(members(operand)) WHERE member.value NOT IN \(list: comparison.arguments))"
    }

    private func hasAll(_ operand: SQL) -> SQL {
        let wanted = Set(comparison.arguments).sorted()
        return """
            ((SELECT COUNT(DISTINCT member.value) FROM \(members(operand)) WHERE member.value IN \(list: wanted)) = \(wanted.count))
            """
    }

    private func members(_ operand: SQL) -> SQL {
        switch dialect {
        case .sqlite: "json_each(\(operand)) AS member"
        case .postgres: "json_array_elements_text(CAST(\(operand) AS json)) AS member(value)"
        }
    }

    /// `a*`, `*a`, `*a*`: a star at either end stands for any text, elsewhere for itself, as with Elide.
    private func wildcard(_ operand: SQL, _ argument: String) -> SQL? {
        let openStart = argument.hasPrefix("*")
        let openEnd = argument.hasSuffix("*")
        guard openStart || openEnd else { return nil }
        let text = argument.dropFirst(openStart ? 1 : 0).dropLast(openEnd && argument.count > 1 ? 1 : 0)
        return like(operand, String(text), openStart: openStart, openEnd: openEnd)
    }

    /// Case counts on both engines: SQLite's LIKE ignores it for ASCII letters, its GLOB does not.
    private func like(_ operand: SQL, _ text: String, openStart: Bool, openEnd: Bool) -> SQL {
        switch dialect {
        case .sqlite:
            let escaped = text.replacing(/[*?\[]/) { "[\($0.output)]" }
            return "\(operand) GLOB \((openStart ? "*" : "") + escaped + (openEnd ? "*" : ""))"
        case .postgres:
            let escaped = text.replacing(/[%_\\]/) { "\\\($0.output)" }
            return "\(operand) LIKE \((openStart ? "%" : "") + escaped + (openEnd ? "%" : "")) ESCAPE '\\'"
        }
    }

    private func value(_ argument: String) throws -> SQLValue {
        switch kind {
        case .integer:
            guard let integer = Int64(argument) else { throw invalid(argument) }
            return .integer(integer)
        case .boolean:
            guard argument == "true" || argument == "false" else { throw invalid(argument) }
            return .boolean(argument == "true")
        case .enumeration(let values):
            // Terrakube answers 404 here, and says which literals there are only in its source.
            guard values.contains(where: { $0.utf8.elementsEqual(argument.utf8) }) else {
                let choice = ResourceAttributeKind.choice(of: values)
                throw APIError(
                    status: 404,
                    title: "Not found",
                    detail: "Unknown \(name) value \(argument.quotable): \(name) is \(choice).",
                    parameter: parameter
                )
            }
            return .text(argument)
        case .string, .strings, .date:
            return .text(argument)
        }
    }

    private var loweredList: SQL {
        SQL.joined(comparison.arguments.map { "lower(\($0))" }, separator: ", ")
    }

    private func list(_ values: [SQLValue]) -> SQL {
        SQL.joined(values.map { "\($0)" }, separator: ", ")
    }

    private func missing(_ operand: SQL, or condition: SQL) -> SQL {
        "(\(operand) IS NULL OR \(condition))"
    }

    private func invalid(_ argument: String) -> APIError {
        .badRequest("Invalid value: \(argument.quotable) for \(name)", parameter: parameter)
    }

    private func unsupported() -> APIError {
        .badRequest("\(comparison.comparator.rawValue) cannot compare \(name).", parameter: parameter)
    }
}
