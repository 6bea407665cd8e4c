package import Foundation

/// Why a text is no JSON, and where.
package struct JSONSyntaxError: Error, Sendable, Equatable {
    package let reason: String
    /// Counted in bytes from the start.
    package let offset: Int
}

extension JSONValue {
    /// How deep arrays and objects may nest. Deeper texts are refused before a deeper tree exists.
    package static let maximumDepth = 64

    /// Reads one JSON text as RFC 8259 has it: UTF-8, no byte order mark, nothing after the value. When a member
    /// comes twice, the last one wins.
    ///
    /// - Parameter maximumValues: How many values there may be, those in arrays and objects counted.
    package init(parsing data: Data, maximumValues: Int = .max) throws(JSONSyntaxError) {
        var parser = JSONParser(data, maximumValues: maximumValues)
        self = try parser.document()
    }
}

/// A recursive descent over the bytes of a JSON text.
struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    private var depth = 0
    private var valuesLeft: Int

    init(_ data: Data, maximumValues: Int) {
        bytes = Array(data)
        valuesLeft = maximumValues
    }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw failure("the text is no valid UTF-8") }
        let result = try value()
        skipSpace()
        guard position == bytes.count else { throw failure("nothing may follow the value") }
        return result
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        guard let byte = peek else { throw failure("the text ends too early") }
        guard valuesLeft > 0 else { throw failure("there are too many values") }
        valuesLeft -= 1
        switch byte {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONSyntaxError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONSyntaxError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("a value was expected")
        }
    }

    private mutating func nested(
        _ read: (inout JSONParser) throws(JSONSyntaxError) -> JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        guard depth < JSONValue.maximumDepth else { throw failure("values nest deeper than \(JSONValue.maximumDepth) levels") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try read(&self)
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        skipSpace()
        if skip("}") { return .object(members) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw failure("a member name in quotes was expected") }
            let name = try string()
            skipSpace()
            guard skip(":") else { throw failure("a colon was expected") }
            members[name] = try value()
            skipSpace()
        } while skip(",")
        guard skip("}") else { throw failure("a comma or a closing brace was expected") }
        return .object(members)
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONValue {
        var elements: [JSONValue] = []
        skipSpace()
        if skip("]") { return .array(elements) }
        repeat {
            elements.append(try value())
            skipSpace()
        } while skip(",")
        guard skip("]") else { throw failure("a comma or a closing bracket was expected") }
        return .array(elements)
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[position..<end].elementsEqual(word.description.utf8) else {
            throw failure("a value was expected")
        }
        position = end
        return value
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        _ = skip("-")
        let hasLeadingZero = peek == UInt8(ascii: "0")
        let whole = skipDigits()
        guard whole > 0, whole == 1 || hasLeadingZero == false else { throw failure("the number is malformed") }
        var isInteger = true
        if skip(".") {
            isInteger = false
            guard skipDigits() > 0 else { throw failure("the number is malformed") }
        }
        if skip("e") || skip("E") {
            isInteger = false
            if skip("+") == false { _ = skip("-") }
            guard skipDigits() > 0 else { throw failure("the number is malformed") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw failure("the number is out of range") }
        return .number(number)
    }

    var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    func failure(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(reason: reason, offset: position)
    }
}
