/// One row of a result: values by column name.
package struct SQLRow: Sendable, Equatable {
    /// Shared by all rows of a result.
    let columns: SQLColumns
    package let values: [SQLValue]

    /// The value of a column that must not be NULL.
    ///
    /// - Throws: `DatabaseError.unexpectedResult` when the column is missing, NULL or of another kind.
    package func get<Value: SQLConvertible>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        guard let value = Value.from(try raw(column)) else {
            throw DatabaseError.unexpectedResult("column \(column) is no \(Value.self)")
        }
        return value
    }

    /// The value of a column that may be NULL.
    ///
    /// - Throws: `DatabaseError.unexpectedResult` when the column is missing or of another kind.
    package func find<Value: SQLConvertible>(_ column: String, as type: Value.Type = Value.self) throws -> Value? {
        let value = try raw(column)
        return value == .null ? nil : try get(column)
    }

    /// The value as the engine gave it.
    package func raw(_ column: String) throws -> SQLValue {
        guard let index = columns.index[column] else {
            throw DatabaseError.unexpectedResult("no column \(column)")
        }
        return values[index]
    }
}

/// The column names of a result, looked up once per result and not per row.
final class SQLColumns: Sendable, Equatable {
    let names: [String]
    let index: [String: Int]

    init(_ names: [String]) {
        self.names = names
        self.index = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    static func == (left: SQLColumns, right: SQLColumns) -> Bool {
        left.names == right.names
    }
}
