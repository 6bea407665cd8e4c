/// The parameters of a query string, decoded as HTML forms encode them.
///
/// `+` is a space and `%2B` a plus. Brackets may stand unencoded, and `;` separates nothing: filters hold it.
struct QueryString: Sendable {
    /// Longer ones are refused.
    static let maximumLength = 64 * 1024

    /// In the order of the request. A parameter without `=` has an empty value.
    let parameters: [(name: String, value: String)]

    init(_ raw: String?) throws(APIError) {
        guard let raw, raw.isEmpty == false else {
            parameters = []
            return
        }
        guard raw.utf8.count <= Self.maximumLength else { throw .badRequest("The query is longer than \(Self.maximumLength) bytes.") }
        var parameters: [(name: String, value: String)] = []
        var names: Set<String> = []
        for pair in raw.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first?.percentDecoded(plusIsSpace: true) else {
                throw .badRequest("A query parameter's name is not valid percent-encoded UTF-8.")
            }
            guard let value = parts.count == 2 ? parts[1].percentDecoded(plusIsSpace: true) : "" else {
                throw .badRequest("The value is not valid percent-encoded UTF-8.", parameter: name.quotable)
            }
            guard names.insert(name).inserted else {
                throw .badRequest("The parameter is given more than once.", parameter: name.quotable)
            }
            parameters.append((name, value))
        }
        self.parameters = parameters
    }
}

extension Collection<UInt8> {
    /// The text behind percent-encoding. Nil for a broken escape, for invalid UTF-8, and for U+0000, which no
    /// database here can hold.
    func percentDecoded(plusIsSpace: Bool = false) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(count)
        var position = startIndex
        while position != endIndex {
            let byte = self[position]
            formIndex(after: &position)
            switch byte {
            case UInt8(ascii: "+") where plusIsSpace:
                decoded.append(0x20)
            case UInt8(ascii: "%"):
                let digits = self[position...].prefix(2)
                guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                    let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
                else { return nil }
                decoded.append(value)
                position = digits.endIndex
            default:
                decoded.append(byte)
            }
        }
        return decoded.contains(0) ? nil : String(validating: decoded, as: UTF8.self)
    }
}
