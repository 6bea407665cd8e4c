/// A piece of SQL whose interpolated values travel as bound parameters, never as text.
///
/// Statements are written once, in the subset that SQLite 3.40 and PostgreSQL 15 share (CTE, upsert, `RETURNING`,
/// window functions), and rendered for the driver that runs them:
///
/// ```swift
/// let statement: SQL = "SELECT id FROM workspace WHERE name = \(name) AND \(visible)"
/// ```
///
/// A nested `SQL` is spliced in with its own parameters. `\(identifier:)` is for names that come from code.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Segment: Sendable, Equatable {
        case text(String)
        case value(SQLValue)
    }

    private(set) var segments: [Segment]

    package init(stringLiteral value: String) {
        segments = [.text(value)]
    }

    package init(stringInterpolation: StringInterpolation) {
        segments = stringInterpolation.segments
    }

    init(segments: [Segment]) {
        self.segments = segments
    }

    /// Whether there is nothing to run; an empty fragment may be spliced anywhere.
    package var isEmpty: Bool {
        segments.allSatisfy { $0 == .text("") }
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        SQL(segments: left.segments + right.segments)
    }

    package static func += (left: inout SQL, right: SQL) {
        left.segments += right.segments
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var segments: [Segment] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            segments.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: String) {
            segments.append(.text(literal))
        }

        /// Binds a value as a parameter.
        package mutating func appendInterpolation(_ value: some SQLConvertible) {
            segments.append(.value(value.sqlValue))
        }

        /// Binds a value that may be absent; nil becomes `NULL`.
        package mutating func appendInterpolation(_ value: (some SQLConvertible)?) {
            segments.append(.value(value?.sqlValue ?? .null))
        }

        package mutating func appendInterpolation(_ value: SQLValue) {
            segments.append(.value(value))
        }

        /// Splices another fragment in, with its parameters.
        package mutating func appendInterpolation(_ fragment: SQL) {
            segments += fragment.segments
        }

        /// Writes a table or column name that comes from code, quoted. Never pass what a client sent.
        package mutating func appendInterpolation(identifier: String) {
            // Asked for every column of every statement: the search alone is cheap.
            let isPlain = identifier.utf8.contains(UInt8(ascii: "\"")) == false
            segments.append(.text("\"" + (isPlain ? identifier : identifier.replacing("\"", with: "\"\"")) + "\""))
        }

        /// Binds each value and writes `(?, ?, …)`, for `IN`. An empty list becomes `(NULL)`, which matches nothing.
        package mutating func appendInterpolation(list values: some Collection<some SQLConvertible>) {
            segments.append(.text("("))
            for (index, value) in values.enumerated() {
                if index > 0 { segments.append(.text(", ")) }
                segments.append(.value(value.sqlValue))
            }
            segments.append(.text(values.isEmpty ? "NULL)" : ")"))
        }
    }
}

extension SQL {
    /// Fragments in a row, with `separator` between them.
    package static func joined(_ fragments: some Sequence<SQL>, separator: SQL) -> SQL {
        var result = SQL(segments: [])
        for (index, fragment) in fragments.enumerated() {
            if index > 0 { result += separator }
            result += fragment
        }
        return result
    }

    /// All conditions must hold; none means true.
    package static func all(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "TRUE" : "(\(joined(conditions, separator: " AND ")))"
    }

    /// One condition must hold; none means false.
    package static func any(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "FALSE" : "(\(joined(conditions, separator: " OR ")))"
    }
}

extension SQL {
    /// The text with the placeholders of a driver, and the values in their order.
    func rendered(placeholder: (Int) -> String) -> (text: String, values: [SQLValue]) {
        var text = ""
        var values: [SQLValue] = []
        for segment in segments {
            switch segment {
            case .text(let literal):
                text += literal
            case .value(let value):
                values.append(value)
                text += placeholder(values.count)
            }
        }
        return (text, values)
    }
}
