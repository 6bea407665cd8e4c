import Database
import Foundation

/// The rows that keep personal access tokens alive.
struct PersonalTokenStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    func insert(_ token: PersonalToken) throws {
        try connection.execute(
            """
            INSERT INTO pat (id, user_id, description, days, expires_date, created_date, created_by)
            VALUES (\(token.id), \(token.userID), \(token.description), \(token.days), \(token.expiresDate), \(token.createdDate),
                \(token.createdBy))
            """
        )
    }

    func list(userID: String) throws -> [PersonalToken] {
        try connection.rows("SELECT * FROM pat WHERE user_id = \(userID) ORDER BY created_date, id").map { row in
            PersonalToken(
                id: try row.get("id"),
                userID: try row.get("user_id"),
                description: try row.get("description"),
                days: try row.get("days"),
                createdDate: try row.get("created_date"),
                createdBy: try row.get("created_by")
            )
        }
    }

    /// - Returns: Whether there was one to delete.
    func delete(id: String, userID: String?) throws -> Bool {
        let owner: SQL = if let userID { "user_id = \(userID)" } else { "TRUE" }
        return try connection.execute("DELETE FROM pat WHERE id = \(id) AND \(owner)") > 0
    }

    /// The owner of a token that is alive at `now`, unless the account is disabled.
    func owner(id: String, now: Date) throws -> User? {
        try connection.row(
            """
            SELECT local_user.* FROM pat JOIN local_user ON local_user.id = pat.user_id
            WHERE pat.id = \(id) AND NOT local_user.disabled AND (pat.expires_date IS NULL OR pat.expires_date > \(now))
            """
        ).map(UserStore(connection).user)
    }
}
