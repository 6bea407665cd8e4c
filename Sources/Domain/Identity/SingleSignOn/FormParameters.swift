import Foundation

/// The parameters of a query or a form, as RFC 6749 reads them: those that came twice or are damaged are told apart,
/// and those without a value count as missing (§3.1).
package struct FormParameters: Sendable {
    private var values: [String: String] = [:]
    /// The names of parameters that came more than once, hold control characters, or do not decode.
    package private(set) var refused: Set<String> = []

    /// - Parameter text: `application/x-www-form-urlencoded`.
    package init(_ text: String) {
        var seen: Set<String> = []
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap(Self.decode) else { continue }
            guard seen.insert(name).inserted, let value = parts.count > 1 ? Self.decode(parts[1]) : "",
                value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
            else {
                refused.insert(name)
                values[name] = nil
                continue
            }
            if value.isEmpty == false { values[name] = value }
        }
    }

    package subscript(name: String) -> String? {
        values[name]
    }

    private static func decode(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    /// Text as the value of a parameter: only unreserved characters stay as they are (RFC 3986 §2.3).
    static func encode(_ text: String) -> String {
        let unreserved = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
