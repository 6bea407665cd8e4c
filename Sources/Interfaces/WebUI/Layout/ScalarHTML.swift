import Mustache

/// Escapes what templates put into HTML, scalar by scalar.
///
/// Mustache's own way goes by characters, and a quote with a combining mark behind it is another character than a
/// quote: it would get through and end an attribute.
struct ScalarHTML: MustacheContentType {
    /// The name under which templates ask for it.
    static let name = "SCALAR_HTML"

    func escapeText(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
