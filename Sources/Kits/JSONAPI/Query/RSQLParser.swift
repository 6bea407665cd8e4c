extension RSQL {
    /// Bounds of one filter: bytes of text, comparisons, parentheses inside each other, and relationships crossed.
    static let maximumLength = 8 * 1024
    static let maximumComparisons = 200
    static let maximumDepth = 16
    static let maximumHops = 16

    /// - Throws: `APIError` that names `parameter` and the place of the mistake.
    init(parsing text: String, parameter: String) throws(APIError) {
        do throws(RSQLParser.Failure) {
            guard text.utf8.count <= Self.maximumLength else {
                throw RSQLParser.Failure("it is longer than \(Self.maximumLength) bytes")
            }
            var parser = RSQLParser(text)
            self = try parser.expression()
        } catch {
            throw .badRequest("The filter cannot be read: \(error.reason).", parameter: parameter)
        }
    }
}

/// A recursive descent over
/// `or := and (("," | " or ") and)*`, `and := term ((";" | " and ") term)*`, `term := "(" or ")" | comparison`.
private struct RSQLParser {
    struct Failure: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    private let text: [UInt8]
    private var position = 0
    private var depth = 0
    private var comparisons = 0
    private var hops = 0

    init(_ text: String) {
        self.text = Array(text.utf8)
    }

    mutating func expression() throws(Failure) -> RSQL {
        let result = try disjunction()
        guard position == text.count else { throw unexpected("a logical operator") }
        return result
    }

    private mutating func disjunction() throws(Failure) -> RSQL {
        var parts = [try conjunction()]
        while skip(",") || skipWord("or") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(Failure) -> RSQL {
        var parts = [try term()]
        while skip(";") || skipWord("and") { parts.append(try term()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func term() throws(Failure) -> RSQL {
        skipSpace()
        let result: RSQL
        if skip("(") {
            depth += 1
            guard depth <= RSQL.maximumDepth else { throw Failure("parentheses nest deeper than \(RSQL.maximumDepth) levels") }
            result = try disjunction()
            depth -= 1
            guard skip(")") else { throw unexpected("a closing parenthesis") }
        } else {
            result = .comparison(try comparison())
        }
        skipSpace()
        return result
    }

    private mutating func comparison() throws(Failure) -> RSQL.Comparison {
        comparisons += 1
        guard comparisons <= RSQL.maximumComparisons else { throw Failure("it has more than \(RSQL.maximumComparisons) comparisons") }
        let path = try bareWord("an attribute").split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.contains("") == false else { throw Failure("\(path.joined(separator: ".").quotable) is no attribute path") }
        hops += path.count - 1
        guard hops <= RSQL.maximumHops else { throw Failure("it crosses more than \(RSQL.maximumHops) relationships") }
        skipSpace()
        let spelling = comparatorText()
        guard let comparator = RSQL.Comparator(spelling: spelling) else {
            throw spelling.isEmpty ? unexpected("an operator") : Failure("the operator \(spelling.quotable) is unknown")
        }
        skipSpace()
        let arguments = try arguments()
        guard comparator.arity.contains(arguments.count) else {
            throw Failure("\(spelling) takes \(comparator.arity.lowerBound) argument(s), not \(arguments.count)")
        }
        return RSQL.Comparison(path: path, comparator: comparator, arguments: arguments)
    }

    private mutating func comparatorText() -> String {
        let start = position
        if skip("<") || skip(">") {
            _ = skip("=")
        } else if skip("=") || skip("!") {
            while let byte = peek, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) { position += 1 }
            guard skip("=") else {
                position = start
                return ""
            }
        }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    private mutating func arguments() throws(Failure) -> [String] {
        guard skip("(") else { return [try argument()] }
        var arguments: [String] = []
        repeat {
            skipSpace()
            arguments.append(try argument())
            skipSpace()
        } while skip(",")
        guard skip(")") else { throw unexpected("a comma or a closing parenthesis") }
        return arguments
    }

    private mutating func argument() throws(Failure) -> String {
        guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return try bareWord("a value") }
        position += 1
        var value: [UInt8] = []
        while let byte = peek {
            position += 1
            if byte == quote { return String(decoding: value, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let escaped = peek {
                position += 1
                value.append(escaped)
            } else {
                value.append(byte)
            }
        }
        throw Failure("a quoted value does not end")
    }

    private mutating func bareWord(_ what: String) throws(Failure) -> String {
        let start = position
        while let byte = peek, Self.reserved.contains(byte) == false { position += 1 }
        guard position > start else { throw unexpected(what) }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    /// What ends an unquoted word.
    private static let reserved = Set("\"'();,=!~<> ".utf8)

    private var peek: UInt8? {
        position < text.count ? text[position] : nil
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    /// A logical operator in letters. `term` has skipped the space before it; a space must follow.
    private mutating func skipWord(_ word: String) -> Bool {
        guard position > 0, text[position - 1] == UInt8(ascii: " "), text[position...].starts(with: (word + " ").utf8) else {
            return false
        }
        position += word.utf8.count + 1
        return true
    }

    private mutating func skipSpace() {
        while peek == UInt8(ascii: " ") { position += 1 }
    }

    private func unexpected(_ wanted: String) -> Failure {
        Failure("\(wanted) was expected at character \(String(decoding: text[..<position], as: UTF8.self).count + 1)")
    }
}
