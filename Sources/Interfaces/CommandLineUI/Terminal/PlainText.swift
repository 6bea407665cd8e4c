/// Text from elsewhere, made safe for a terminal: what a server, a provider or a script wrote must not move the cursor,
/// retitle the window or write over what stands there.
enum PlainText {
    /// One line without any control character.
    static func line(_ text: String) -> String {
        filtered(text, keepsColours: false, isMultiline: false)
    }

    /// Without control characters except line ends.
    static func paragraph(_ text: String) -> String {
        filtered(text, keepsColours: false, isMultiline: true)
    }

    /// A line of a log, whose colours may stay (ECMA-48 §8.3.117, "select graphic rendition").
    static func logLine(_ text: String, keepsColours: Bool) -> String {
        filtered(text, keepsColours: keepsColours, isMultiline: false)
    }

    private static func filtered(_ text: String, keepsColours: Bool, isMultiline: Bool) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = String.UnicodeScalarView()
        var rest = Substring.UnicodeScalarView(text.unicodeScalars[...])
        while let scalar = rest.popFirst() {
            if scalar == "\u{1b}" {
                let sequence = takeSequence(from: &rest)
                if keepsColours, let sequence, isColour(sequence) {
                    result.append("\u{1b}")
                    result.append(contentsOf: sequence)
                }
            } else if scalar == "\t" || (isMultiline && scalar == "\n") || isControl(scalar) == false {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// C0, DEL and C1.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
    }

    /// Takes what belongs to an escape that has just been read: `[`, parameters, a final letter; or the text of an
    /// operating system command; or one character.
    private static func takeSequence(from rest: inout Substring.UnicodeScalarView) -> Substring.UnicodeScalarView? {
        let start = rest
        switch rest.popFirst() {
        case "[":
            while let next = rest.popFirst() {
                if (0x40...0x7e).contains(next.value) { return start[start.startIndex..<rest.startIndex] }
            }
        case "]", "P", "_", "^":
            while let next = rest.popFirst(), next != "\u{7}" {
                guard next == "\u{1b}" else { continue }
                _ = rest.popFirst()
                break
            }
        default: break
        }
        return nil
    }

    private static func isColour(_ sequence: Substring.UnicodeScalarView) -> Bool {
        sequence.last == "m" && sequence.dropFirst().dropLast().allSatisfy { ("0"..."9").contains($0) || $0 == ";" || $0 == ":" }
    }
}
