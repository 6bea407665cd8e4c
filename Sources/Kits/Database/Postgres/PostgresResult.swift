import CLibpq
import Foundation

/// What a statement gave, decoded: nothing of libpq outlives the call.
struct PostgresResult {
    let columns: SQLColumns
    let rows: [SQLRow]
    /// How many rows the statement changed.
    let changed: Int
    /// The command tag without numbers, for instance `COMMIT`.
    let command: Substring

    /// - Parameter columns: Known from an earlier run of the same prepared statement.
    init(_ result: OpaquePointer, columns known: SQLColumns?) {
        let width = PQnfields(result)
        let columns = known ?? SQLColumns((0..<width).map { String(cString: PQfname(result, $0)) })
        let types = (0..<width).map { PQftype(result, $0) }
        rows = (0..<PQntuples(result)).map { row in
            let values = (0..<width).map { column -> SQLValue in
                guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
                let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
                return Self.value(bytes, type: types[Int(column)])
            }
            return SQLRow(columns: columns, values: values)
        }
        self.columns = columns
        command = String(cString: PQcmdStatus(result)).prefix { $0 != " " }
        changed = command == "SELECT" ? 0 : Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    /// A value in PostgreSQL's text form. Whole numerics become integers: `SUM` of a BIGINT is NUMERIC here and an
    /// integer on SQLite.
    static func value(_ bytes: UnsafeRawBufferPointer, type: Oid) -> SQLValue {
        let text = { String(decoding: bytes, as: UTF8.self) }
        switch type {
        case PostgresType.boolean:
            return .boolean(bytes.first == UInt8(ascii: "t"))
        case PostgresType.int8, PostgresType.int4, PostgresType.int2, PostgresType.oid:
            return Int64(text()).map(SQLValue.integer) ?? .text(text())
        case PostgresType.float8, PostgresType.float4:
            return Double(text()).map(SQLValue.real) ?? .text(text())
        case PostgresType.numeric:
            return Int64(text()).map(SQLValue.integer) ?? Double(text()).map(SQLValue.real) ?? .text(text())
        case PostgresType.bytea:
            return .blob(blob(bytes.dropFirst(2)))
        default:
            return .text(text())
        }
    }

    /// Hexadecimal digits, after the `\x`.
    private static func blob(_ digits: Slice<UnsafeRawBufferPointer>) -> Data {
        func nibble(_ digit: UInt8) -> UInt8 {
            digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
        }
        var data = Data(capacity: digits.count / 2)
        var index = digits.startIndex
        while index + 1 < digits.endIndex {
            data.append(nibble(digits[index]) << 4 | nibble(digits[index + 1]))
            index += 2
        }
        return data
    }
}
