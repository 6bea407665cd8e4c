/// Where the data is: `--database-url`.
///
/// | URL | database |
/// | --- | --- |
/// | `sqlite:/var/lib/terrakube/terrakube.db` | a file |
/// | `sqlite:terrakube.db` | a file, relative to the working directory |
/// | `postgres://user:password@host:5432/name?sslmode=require` | PostgreSQL; `postgresql:` is the same |
///
/// Its description is fit for a log: it has no password.
package enum DatabaseLocation: Sendable, Equatable, CustomStringConvertible {
    case sqlite(path: String)
    case postgres(PostgresURL)

    /// - Throws: `InvalidDatabaseURL`.
    package init(url: String) throws {
        guard let colon = url.firstIndex(of: ":") else {
            throw InvalidDatabaseURL(reason: "it has no scheme")
        }
        switch url[..<colon].lowercased() {
        case "sqlite":
            self = .sqlite(path: try Self.path(String(url[url.index(after: colon)...])))
        case "postgres", "postgresql":
            self = .postgres(try PostgresURL(url))
        default:
            throw InvalidDatabaseURL(reason: "its scheme is neither sqlite: nor postgres:")
        }
    }

    /// Opens the database. SQLite is opened at once; PostgreSQL connects when it is first used.
    ///
    /// - Parameter connections: The most that PostgreSQL is asked for at once, without the one that listens.
    /// - Throws: `DatabaseError.unavailable`.
    package func open(connections: Int = 8) throws -> any SQLDatabase {
        switch self {
        case .sqlite(let path): try SQLiteDatabase(path: path)
        case .postgres(let url): try PostgresDatabase(url, connections: connections)
        }
    }

    package var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let url): url.description
        }
    }

    /// The path is taken as it is, without percent decoding. `sqlite:///path`, as other tools write it, is `/path`.
    private static func path(_ text: String) throws -> String {
        let path = text.hasPrefix("///") ? String(text.dropFirst(2)) : text
        guard !path.isEmpty, path != "/" else {
            throw InvalidDatabaseURL(reason: "sqlite: needs the path of a file")
        }
        guard !path.hasPrefix("//") else {
            throw InvalidDatabaseURL(reason: "sqlite: takes a path (sqlite:/path/file.db), not a host")
        }
        guard path != ":memory:" else {
            throw InvalidDatabaseURL(reason: "a database in memory would lose everything: give the path of a file")
        }
        return path
    }
}

/// A database URL that cannot be used. It never repeats the URL, which may hold a password.
package struct InvalidDatabaseURL: Error, Sendable, Equatable, CustomStringConvertible {
    package let reason: String

    package var description: String {
        "the database URL cannot be used: \(reason). Expected sqlite:/path/file.db or postgres://user:password@host:port/database"
    }
}
