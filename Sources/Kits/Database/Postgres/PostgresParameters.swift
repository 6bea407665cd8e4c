import CLibpq

/// Bound values in the form that libpq takes: blobs in binary, all else as text.
struct PostgresParameters {
    /// The types as the server numbers them, part of what a prepared statement is known by. 0 lets the server choose.
    let types: [Oid]
    private let formats: [Int32]
    private let lengths: [Int32]
    /// All values one after the other, each closed by NUL, so that one array has to stay in place for the call.
    private let bytes: [UInt8]
    private let offsets: [Int?]

    static let none = PostgresParameters()

    private init() {
        (types, formats, lengths, bytes, offsets) = ([], [], [], [], [])
    }

    /// - Throws: `DatabaseError.constraintViolation` for text that PostgreSQL cannot hold.
    init(_ values: [SQLValue]) throws {
        var types: [Oid] = []
        var formats: [Int32] = []
        var lengths: [Int32] = []
        var bytes: [UInt8] = []
        var offsets: [Int?] = []
        for value in values {
            try value.checkText()
            let start = bytes.count
            types.append(value.postgresType)
            switch value {
            case .null: break
            case .integer(let integer): bytes += String(integer).utf8
            case .real(let real): bytes += real.description.utf8
            case .text(let text): bytes += text.utf8
            case .boolean(let boolean): bytes.append(UInt8(ascii: boolean ? "t" : "f"))
            case .blob(let data): bytes += data
            }
            let isBlob = value.postgresType == PostgresType.bytea
            formats.append(isBlob ? 1 : 0)
            lengths.append(Int32(bytes.count - start))
            offsets.append(value == .null ? nil : start)
            bytes.append(0)
        }
        (self.types, self.formats, self.lengths, self.bytes, self.offsets) = (types, formats, lengths, bytes, offsets)
    }

    /// Lends values, lengths and formats for the duration of one call.
    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { buffer in
            let values = offsets.map { offset -> UnsafePointer<CChar>? in
                guard let offset, let base = buffer.baseAddress else { return nil }
                return (base + offset).assumingMemoryBound(to: CChar.self)
            }
            return values.withUnsafeBufferPointer { values in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }

    var count: Int32 {
        Int32(types.count)
    }
}

/// The numbers of the built-in types (`pg_type.dat` of PostgreSQL; they never change).
enum PostgresType {
    static let boolean: Oid = 16
    static let bytea: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let numeric: Oid = 1700
}

extension SQLValue {
    fileprivate var postgresType: Oid {
        switch self {
        case .null: 0
        case .integer: PostgresType.int8
        case .real: PostgresType.float8
        case .text: PostgresType.text
        case .boolean: PostgresType.boolean
        case .blob: PostgresType.bytea
        }
    }
}
