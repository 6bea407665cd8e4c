package import Foundation

/// A value as it crosses to a database.
///
/// Dates are stored as integers, milliseconds since 1970 (UTC), on both engines: they compare, sort and index the
/// same way everywhere and need no dialect.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case boolean(Bool)
    case blob(Data)
}

extension SQLValue {
    /// Refuses what the engines would cut short or refuse differently: text with a NUL character.
    func checkText() throws {
        if case .text(let text) = self, text.utf8.contains(0) {
            throw DatabaseError.constraintViolation("text must not contain a NUL character")
        }
    }
}

/// What can be bound in an `SQL` literal and read from an `SQLRow`.
package protocol SQLConvertible: Sendable {
    var sqlValue: SQLValue { get }

    /// - Returns: nil when the stored value is of another kind.
    static func from(_ value: SQLValue) -> Self?
}

extension String: SQLConvertible {
    package var sqlValue: SQLValue { .text(self) }

    package static func from(_ value: SQLValue) -> String? {
        if case .text(let text) = value { text } else { nil }
    }
}

extension Int64: SQLConvertible {
    package var sqlValue: SQLValue { .integer(self) }

    package static func from(_ value: SQLValue) -> Int64? {
        if case .integer(let integer) = value { integer } else { nil }
    }
}

extension Int: SQLConvertible {
    package var sqlValue: SQLValue { .integer(Int64(self)) }

    package static func from(_ value: SQLValue) -> Int? {
        if case .integer(let integer) = value { Int(exactly: integer) } else { nil }
    }
}

extension Double: SQLConvertible {
    package var sqlValue: SQLValue { .real(self) }

    package static func from(_ value: SQLValue) -> Double? {
        switch value {
        case .real(let real): real
        case .integer(let integer): Double(integer)
        default: nil
        }
    }
}

extension Bool: SQLConvertible {
    package var sqlValue: SQLValue { .boolean(self) }

    /// SQLite has no boolean of its own and gives 0 or 1.
    package static func from(_ value: SQLValue) -> Bool? {
        switch value {
        case .boolean(let boolean): boolean
        case .integer(let integer): integer != 0
        default: nil
        }
    }
}

extension Date: SQLConvertible {
    package var sqlValue: SQLValue { .integer(Int64((timeIntervalSince1970 * 1000).rounded())) }

    package static func from(_ value: SQLValue) -> Date? {
        if case .integer(let milliseconds) = value { Date(timeIntervalSince1970: Double(milliseconds) / 1000) } else { nil }
    }
}

extension Data: SQLConvertible {
    package var sqlValue: SQLValue { .blob(self) }

    package static func from(_ value: SQLValue) -> Data? {
        if case .blob(let data) = value { data } else { nil }
    }
}

extension SQLConvertible where Self: RawRepresentable, RawValue == String {
    package var sqlValue: SQLValue { .text(rawValue) }

    package static func from(_ value: SQLValue) -> Self? {
        if case .text(let text) = value { Self(rawValue: text) } else { nil }
    }
}
