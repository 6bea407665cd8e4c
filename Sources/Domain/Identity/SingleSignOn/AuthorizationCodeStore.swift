import Database
import Foundation

/// The rows of codes. Used ones stay for a day: until then a second use is noticed.
struct AuthorizationCodeStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    func insert(_ code: AuthorizationCode) throws {
        try connection.execute(
            """
            INSERT INTO oidc_code (hash, user_id, client, redirect_uri, challenge, scope, nonce, used, grant_id, expires_date)
            VALUES (\(code.hash), \(code.userID), \(code.client), \(code.redirectURI), \(code.challenge), \(code.scope.text), \(code.nonce),
                \(code.isUsed), \(code.grantID), \(code.expiresDate))
            """
        )
    }

    func find(hash: String) throws -> AuthorizationCode? {
        try connection.row("SELECT * FROM oidc_code WHERE hash = \(hash)").map { row in
            AuthorizationCode(
                hash: try row.get("hash"),
                userID: try row.get("user_id"),
                client: try row.get("client"),
                redirectURI: try row.get("redirect_uri"),
                challenge: try row.get("challenge"),
                scope: SignOnScope(try row.get("scope", as: String.self)),
                nonce: try row.find("nonce"),
                expiresDate: try row.get("expires_date"),
                isUsed: try row.get("used"),
                grantID: try row.find("grant_id")
            )
        }
    }

    /// - Parameter grantID: Nil when it was refused: a code has one try.
    func use(hash: String, for grantID: String?) throws {
        try connection.execute("UPDATE oidc_code SET used = TRUE, grant_id = \(grantID) WHERE hash = \(hash)")
    }

    func deleteOld(now: Date) throws {
        try connection.execute("DELETE FROM oidc_code WHERE expires_date <= \(now.addingTimeInterval(-86_400))")
    }
}
