import Database
import Foundation

/// Why a value is no value of an attribute, worded to follow the attribute's name: `must be a string`.
struct ResourceValueError: Error {
    let reason: String
}

extension ResourceAttributeKind {
    /// What is stored for a value that a client sent; null is stored as NULL. Numbers and truth values may come as
    /// strings: forms and older clients send them so.
    func decode(_ value: JSONValue) throws(ResourceValueError) -> SQLValue {
        if value == .null { return .null }
        switch (self, value) {
        case (.string(let limit), .string(let text)):
            let length = text.unicodeScalars.count
            guard length <= limit else {
                throw ResourceValueError(reason: "may have at most \(limit) characters; it has \(length)")
            }
            return .text(try Self.storable(text))
        case (.integer, .integer(let integer)):
            return .integer(integer)
        case (.integer, .number(let number)):
            guard let integer = Int64(exactly: number) else { throw ResourceValueError(reason: "must be \(expectation)") }
            return .integer(integer)
        case (.integer, .string(let text)):
            guard let integer = Int64(text) else { throw ResourceValueError(reason: "must be \(expectation)") }
            return .integer(integer)
        case (.boolean, .boolean(let boolean)):
            return .boolean(boolean)
        case (.boolean, .string("true")):
            return .boolean(true)
        case (.boolean, .string("false")):
            return .boolean(false)
        case (.date, .string(let text)):
            guard let date = ISODate(text) else {
                throw ResourceValueError(reason: "must be a date such as 2026-01-02T03:04Z")
            }
            return .integer(date.start)
        case (.enumeration(let values), .string(let text)):
            guard values.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
                throw ResourceValueError(reason: "must be \(Self.choice(of: values))")
            }
            return .text(text)
        case (.strings, .array(let elements)):
            for element in elements {
                guard let text = element.string else { throw ResourceValueError(reason: "must be a list of strings") }
                _ = try Self.storable(text)
            }
            return .text(String(decoding: value.serialised(), as: UTF8.self))
        default:
            throw ResourceValueError(reason: "must be \(expectation)")
        }
    }

    /// What a document shows for a stored value.
    ///
    /// - Throws: `DatabaseError.unexpectedResult` when the column holds something else.
    func encode(_ value: SQLValue) throws -> JSONValue {
        switch (self, value) {
        case (_, .null): return .null
        case (.string, .text(let text)), (.enumeration, .text(let text)): return .string(text)
        case (.integer, .integer(let integer)): return .integer(integer)
        case (.boolean, _):
            guard let boolean = Bool.from(value) else { break }
            return .boolean(boolean)
        case (.date, .integer(let milliseconds)): return .string(ISODate.format(milliseconds: milliseconds))
        case (.strings, .text(let text)):
            guard let list = try? JSONValue(parsing: Data(text.utf8)), list.array != nil else { break }
            return list
        default: break
        }
        throw DatabaseError.unexpectedResult("a stored value is not \(expectation)")
    }

    /// `TERRAFORM or ENV`.
    static func choice(of values: [String]) -> String {
        guard let last = values.last, values.count > 1 else { return values.first ?? "nothing" }
        return "\(values.dropLast().joined(separator: ", ")) or \(last)"
    }

    private var expectation: String {
        switch self {
        case .string: "a string"
        case .integer: "a whole number"
        case .boolean: "true or false"
        case .date: "a date such as 2026-01-02T03:04Z"
        case .enumeration(let values): Self.choice(of: values)
        case .strings: "a list of strings"
        }
    }

    /// PostgreSQL cannot store U+0000 in text.
    private static func storable(_ text: String) throws(ResourceValueError) -> String {
        guard text.utf8.contains(0) == false else { throw ResourceValueError(reason: "must not contain the character U+0000") }
        return text
    }
}
