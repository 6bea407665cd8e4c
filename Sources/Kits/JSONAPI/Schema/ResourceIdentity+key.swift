import Database

extension ResourceIdentity {
    /// The longest id that a client may choose, in Unicode scalars.
    static let maximumLength = 255

    /// The stored form of an id; nil when no row could have it.
    func key(_ id: String) -> SQLValue? {
        switch self {
        case .uuid:
            guard id.utf8.count == 36, id.wholeMatch(of: /[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/) != nil else { return nil }
            return .text(id.lowercased())
        case .integer:
            return Int64(id).map { .integer($0) }
        case .fromClient:
            let isPossible = id.isEmpty == false && id.unicodeScalars.count <= Self.maximumLength && id.utf8.contains(0) == false
            return isPossible ? .text(id) : nil
        }
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
