import Foundation

/// The ways in which a program may print a value.
enum SecretNotations {
    /// Every notation of a value that a log might contain. None of them contains a line break, so that a log never
    /// has to be held back over the end of a line.
    static func all(of value: String) -> [[UInt8]] {
        let trimmed = value.trimmingCharacters(in: .whitespacesAndNewlines)
        var notations = Set<String>()
        for text in [value, trimmed] {
            // Twice: Terraform shows a JSON document inside of a string.
            let once = escapes(of: text)
            for escaped in once + once.flatMap(escapes) { notations.formUnion([escaped, hclEscaped(escaped)]) }
            notations.formUnion([percentEncoded(text)] + base64(text))
        }
        notations.formUnion(value.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) })
        if !value.contains(where: \.isNewline) { notations.insert(value) }
        return notations.filter { !$0.contains(where: \.isNewline) }.map { Array($0.utf8) }
    }

    private static func escapes(of text: String) -> [String] {
        let json = jsonEscaped(text)
        return [json, goEscaped(json)]
    }

    /// As in a JSON document (RFC 8259 §7), without the quotes.
    private static func jsonEscaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20: result += "\\u" + hexadecimal(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Go's JSON encoder also escapes these three, and so does Terraform's `jsonencode`.
    private static func goEscaped(_ json: String) -> String {
        var result = ""
        for scalar in json.unicodeScalars {
            if scalar == "<" || scalar == ">" || scalar == "&" {
                result += "\\u" + hexadecimal(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// As in an HCL template, where `${` and `%{` are doubled.
    private static func hclEscaped(_ json: String) -> String {
        json.replacingOccurrences(of: "${", with: "$${").replacingOccurrences(of: "%{", with: "%%{")
    }

    private static func percentEncoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~"))) ?? text
    }

    /// Both alphabets, up to the last byte whose digits do not depend on what follows the value.
    private static func base64(_ text: String) -> [String] {
        let data = Data(text.utf8)
        let whole = data.prefix(data.count - data.count % 3)
        return [data, whole].flatMap { bytes -> [String] in
            let standard = bytes.base64EncodedString().replacingOccurrences(of: "=", with: "")
            return [standard, standard.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")]
        }.filter { $0.utf8.count >= 8 || $0.utf8.count >= text.utf8.count }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
