import Database
import Foundation

/// The rows of grants, and of their refresh tokens.
struct SignOnGrantStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    func insert(_ grant: SignOnGrant) throws {
        try connection.execute("DELETE FROM oidc_grant WHERE expires_date <= \(grant.createdDate)")
        try connection.execute(
            """
            INSERT INTO oidc_grant (id, user_id, client, scope, created_date, expires_date)
            VALUES (\(grant.id), \(grant.userID), \(grant.client), \(grant.scope.text), \(grant.createdDate), \(grant.expiresDate))
            """
        )
    }

    /// A grant that is alive at `now`, and its user, unless the account is disabled.
    func find(id: String, now: Date) throws -> (grant: SignOnGrant, user: User)? {
        let row = try connection.row("SELECT * FROM oidc_grant WHERE id = \(id) AND expires_date > \(now)")
        guard let row, let user = try UserStore(connection).findEnabled(id: try row.get("user_id")) else { return nil }
        let grant = SignOnGrant(
            id: id,
            userID: user.id,
            client: try row.get("client"),
            scope: SignOnScope(try row.get("scope", as: String.self)),
            createdDate: try row.get("created_date")
        )
        return (grant, user)
    }

    /// Ends all that was made for a grant; it may be a personal token.
    func revoke(id: String) throws {
        try connection.execute("DELETE FROM oidc_grant WHERE id = \(id)")
        try connection.execute("DELETE FROM pat WHERE id = \(id)")
    }

    // MARK: Refresh tokens

    func insertRefreshToken(hash: String, grantID: String, now: Date) throws {
        let expires = now.addingTimeInterval(SignOnGrant.refreshLifetime)
        try connection.execute(
            "INSERT INTO oidc_refresh_token (hash, grant_id, expires_date) VALUES (\(hash), \(grantID), \(expires))"
        )
    }

    func findRefreshToken(hash: String) throws -> (grantID: String, isUsed: Bool, expiresDate: Date)? {
        try connection.row("SELECT * FROM oidc_refresh_token WHERE hash = \(hash)").map { row in
            (try row.get("grant_id"), try row.get("used"), try row.get("expires_date"))
        }
    }

    func useRefreshToken(hash: String) throws {
        try connection.execute("UPDATE oidc_refresh_token SET used = TRUE WHERE hash = \(hash)")
    }
}

extension UserStore {
    func findEnabled(id: String) throws -> User? {
        try find(id: id).flatMap { $0.isDisabled ? nil : $0 }
    }
}
