import Foundation
import JSONAPI

/// Text with `{{var.NAME}}` in it, which the value of a variable replaces.
struct ProxyTemplate: Sendable {
    /// Where the value lands, which decides how it is written there.
    enum Place: Sendable {
        /// In a URL: whatever has a meaning there is percent-encoded.
        case url
        /// In a string of a JSON text.
        case json
        /// In a header or in plain text, as it is.
        case text
    }

    let values: [String: String]

    /// - Throws: `APIError` 400 for a variable that is not there: a request with the marker in it would tell the
    ///   target what was meant.
    func fill(_ text: String, in place: Place) throws -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.range(of: "{{"), let end = rest.range(of: "}}", range: start.upperBound..<rest.endIndex) {
            result += rest[..<start.lowerBound]
            let name = rest[start.upperBound..<end.lowerBound].trimmingCharacters(in: .whitespaces)
            guard name.hasPrefix("var."), let value = values[String(name.dropFirst("var.".count))] else {
                throw APIError.badRequest("There is no variable for {{\(name)}} in the workspace.")
            }
            result += Self.written(value, in: place)
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    private static func written(_ value: String, in place: Place) -> String {
        switch place {
        case .text: return value
        case .url:
            let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
            return value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
        case .json:
            let quoted = String(decoding: JSONValue.string(value).serialised(), as: UTF8.self)
            return String(quoted.dropFirst().dropLast())
        }
    }
}
