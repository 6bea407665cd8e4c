import CLibpq

/// A connection URL that libpq understands
/// (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING). Its description has no password.
package struct PostgresURL: Sendable, Equatable, CustomStringConvertible {
    /// With the password, for libpq only.
    let text: String
    package let description: String
    private let password: String

    /// - Throws: `InvalidDatabaseURL`.
    package init(_ text: String) throws {
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else {
            throw InvalidDatabaseURL(reason: "it does not begin with postgres://")
        }
        // libpq's own message quotes the part that it does not like, which may be the password: it is dropped.
        let unreadable = InvalidDatabaseURL(
            reason: "PostgreSQL does not understand it; special characters in a password are written as %XX"
        )
        guard !text.utf8.contains(0), let options = PQconninfoParse(text, nil) else { throw unreadable }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                values[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        // A password with a bare `@` or `/` is read as part of these, and would show up in descriptions and errors.
        let visible = ["host", "hostaddr", "dbname"].compactMap { values[$0] }
        let ports = values["port", default: ""].split(separator: ",")
        guard visible.allSatisfy({ !$0.contains("@") }), ports.allSatisfy({ UInt16($0) != nil }) else { throw unreadable }
        self.text = text
        password = values["password"] ?? ""
        let user = values["user"].map { "\($0)@" } ?? ""
        let host = (values["host"] ?? values["hostaddr"] ?? "") + (values["port"].map { ":\($0)" } ?? "")
        description = "postgres://\(user)\(host)/\(values["dbname"] ?? "")"
    }

    /// A message of libpq on one line and without the password.
    func redacted(_ message: String) -> String {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        return password.isEmpty ? line : line.replacing(password, with: "***")
    }
}
