import Foundation

/// Names and values in a query or in a body of the type `application/x-www-form-urlencoded`.
struct FormFields: Sendable, ExpressibleByDictionaryLiteral {
    private var fields: [(name: String, value: String)]

    init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { ($0, $1) }
    }

    mutating func append(_ name: String, _ value: String?) {
        if let value { fields.append((name, value)) }
    }

    /// Everything but the unreserved characters of RFC 3986 is percent-encoded, which both places read alike.
    var encoded: String {
        fields.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }.joined(separator: "&")
    }

    private static let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    private static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
