import Database

extension ResourceIdentity {
    /// The longest id that a client may choose.
    static let maximumLength = 255

    /// The stored form of an id; nil when no row could have it.
    func key(_ id: String) -> SQLValue? {
        switch self {
        case .uuid:
            return Self.isUUID(id) ? .text(id.lowercased()) : nil
        case .integer:
            return Int64(id).map { .integer($0) }
        case .fromClient:
            // ASCII alone: Swift takes canonically equivalent texts for equal, the databases do not.
            let isPossible = (1...Self.maximumLength).contains(id.utf8.count) && id.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            return isPossible ? .text(id) : nil
        }
    }

    /// The order of ids in linkage: numbers by their value, all others as text.
    func precedes(_ left: String, _ right: String) -> Bool {
        guard case .integer = self, let left = Int64(left), let right = Int64(right) else { return left < right }
        return left < right
    }

    /// By hand, because a long list asks it thousands of times.
    private static func isUUID(_ text: String) -> Bool {
        guard text.utf8.count == 36 else { return false }
        for (index, byte) in text.utf8.enumerated() {
            switch index {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
            default: guard Character(Unicode.Scalar(byte)).isHexDigit else { return false }
            }
        }
        return true
    }
}

extension SQLValue {
    /// A stored id as documents show it; nil for NULL.
    var identifier: String? {
        switch self {
        case .text(let text): text
        case .integer(let integer): String(integer)
        default: nil
        }
    }
}

extension SQL {
    /// Whether `operand` is one of these keys. The keys travel as one parameter, so that the statement's text does not
    /// depend on how many there are.
    static func isMember(_ operand: SQL, of keys: [SQLValue], dialect: SQLDialect) -> SQL {
        if keys.count == 1 { return "\(operand) = \(keys[0])" }
        let elements = JSONValue.array(
            keys.map { key in
                if case .integer(let integer) = key { .integer(integer) } else { .string(key.identifier ?? "") }
            }
        )
        let list = String(decoding: elements.serialised(), as: UTF8.self)
        guard dialect == .postgres else { return "\(operand) IN (SELECT value FROM json_each(\(list)))" }
        if case .integer = keys.first {
            return "\(operand) = ANY(ARRAY(SELECT json_array_elements_text(CAST(\(list) AS json))::bigint))"
        }
        return "\(operand) = ANY(ARRAY(SELECT json_array_elements_text(CAST(\(list) AS json))))"
    }
}
