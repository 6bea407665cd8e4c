import Foundation

/// The `branch` or `path` of a webhook's event: regular expressions with commas between them.
///
/// A comma inside of brackets, braces or parentheses, or after a backslash, belongs to the expression: `v[0-9]{1,3}` is
/// one. Terrakube splits there too, and can use neither half, so that no list which works there reads differently here.
struct WebhookPatterns: Sendable, Equatable {
    /// In their order, without blanks around them and without empty ones.
    let patterns: [String]

    init(_ text: String) {
        var parts: [String] = []
        var part = ""
        var depth = 0
        var isClass = false
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if isClass {
                isClass = character != "]"
            } else if character == "[" {
                isClass = true
            } else if "{(".contains(character) {
                depth += 1
            } else if "})".contains(character) {
                depth = max(0, depth - 1)
            } else if character == ",", depth == 0 {
                parts.append(part)
                part = ""
                continue
            }
            part.append(character)
        }
        parts.append(part)
        patterns = parts.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { $0.isEmpty == false }
    }

    /// The first that does not compile, in the dialect that Foundation and Java share (ICU); nil when all do.
    var firstInvalid: String? {
        patterns.first { (try? NSRegularExpression(pattern: $0)) == nil }
    }
}
