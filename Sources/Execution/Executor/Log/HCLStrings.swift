/// The string values inside an HCL or JSON expression. Terraform prints the parts of a list or an object one by one,
/// so a sensitive one is masked part by part.
enum HCLStrings {
    /// The contents of the quoted strings that are no keys, with their escapes resolved.
    static func values(in expression: String) -> [String] {
        var values: [String] = []
        var rest = Substring(expression)
        while let start = rest.firstIndex(of: "\"") {
            rest = rest[rest.index(after: start)...]
            let text = takeString(from: &rest)
            let following = rest.first { !$0.isWhitespace }
            if following != "=" && following != ":" { values.append(text) }
        }
        return values
    }

    /// Takes what precedes the closing quote, and the quote.
    private static func takeString(from rest: inout Substring) -> String {
        var text = ""
        while let character = rest.popFirst(), character != "\"" {
            guard character == "\\", let escaped = rest.popFirst() else {
                text.append(character)
                continue
            }
            switch escaped {
            case "n": text.append("\n")
            case "r": text.append("\r")
            case "t": text.append("\t")
            default: text.append(escaped)
            }
        }
        return text
    }
}
