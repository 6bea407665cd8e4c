import Database
import Foundation

/// The rows of local users.
struct UserStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    func find(username: String) throws -> User? {
        try connection.row("SELECT * FROM local_user WHERE username = \(username)").map(user)
    }

    func find(id: String) throws -> User? {
        try connection.row("SELECT * FROM local_user WHERE id = \(id)").map(user)
    }

    func passwordHash(of id: String) throws -> String? {
        try connection.row("SELECT password_hash FROM local_user WHERE id = \(id)")?.get("password_hash")
    }

    /// Whether any account is there: none on the first start.
    func isEmpty() throws -> Bool {
        try connection.row("SELECT id FROM local_user LIMIT 1") == nil
    }

    func insert(_ user: User, passwordHash: String) throws {
        try connection.execute(
            """
            INSERT INTO local_user (id, username, email, password_hash, groups, disabled, created_date)
            VALUES (\(user.id), \(user.username), \(user.email), \(passwordHash), \(try Self.text(of: user.groups)), \(user.isDisabled),
                \(user.createdDate))
            """
        )
    }

    func list() throws -> [User] {
        try connection.rows("SELECT * FROM local_user ORDER BY username").map(user)
    }

    func setPasswordHash(_ hash: String, of id: String) throws {
        try connection.execute("UPDATE local_user SET password_hash = \(hash) WHERE id = \(id)")
    }

    func setEmail(_ email: String, of id: String) throws {
        try connection.execute("UPDATE local_user SET email = \(email) WHERE id = \(id)")
    }

    func setGroups(_ groups: Set<String>, of id: String) throws {
        try connection.execute("UPDATE local_user SET groups = \(try Self.text(of: groups)) WHERE id = \(id)")
    }

    func setDisabled(_ isDisabled: Bool, of id: String) throws {
        try connection.execute("UPDATE local_user SET disabled = \(isDisabled) WHERE id = \(id)")
    }

    /// In browsers, and in the programs that got tokens by them. Personal tokens stay.
    func endSessions(of id: String) throws {
        try connection.execute("DELETE FROM browser_session WHERE user_id = \(id)")
        try connection.execute("DELETE FROM oidc_code WHERE user_id = \(id)")
        try connection.execute("DELETE FROM oidc_device WHERE user_id = \(id)")
        try connection.execute("DELETE FROM oidc_grant WHERE user_id = \(id)")
    }

    /// Reads a user out of any row that holds the columns of `local_user`.
    func user(_ row: SQLRow) throws -> User {
        User(
            id: try row.get("id"),
            username: try row.get("username"),
            email: try row.get("email"),
            groups: try Set(JSONDecoder().decode([String].self, from: Data(row.get("groups", as: String.self).utf8))),
            isDisabled: try row.get("disabled"),
            createdDate: try row.get("created_date")
        )
    }

    private static func text(of groups: Set<String>) throws -> String {
        String(decoding: try JSONEncoder().encode(groups.sorted()), as: UTF8.self)
    }
}
