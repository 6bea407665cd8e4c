import Database
import Foundation
import Service

/// Authorizations that were begun here: each is good once, for ten minutes, in the browser that began it. Of the state
/// and of the browser's cookie only digests are stored.
struct ConnectAttempts: Sendable {
    /// What a browser takes along to the provider and back.
    struct Ticket: Sendable {
        let state: String
        /// The value of the browser's cookie.
        let browser: String
        let challenge: String
    }

    /// What is known of an attempt that came back.
    struct Taken: Sendable {
        /// The verifier of RFC 7636.
        let verifier: String
        /// Who began it.
        let author: String
    }

    /// In seconds.
    static let lifetime: TimeInterval = 600

    let database: any SQLDatabase
    let keyring: Keyring
    let time: TimeSource

    func begin(_ connection: VCSConnection, by author: String) async throws -> Ticket {
        let (state, browser, verifier) = (OAuthSecret.random(), OAuthSecret.random(), OAuthSecret.random())
        let digest = OAuthSecret.digest(state)
        let now = time.now()
        let sealed = try keyring.seal(text: verifier, context: Self.context(digest))
        try await database.write { transaction in
            try transaction.execute("DELETE FROM vcs_connect_attempt WHERE expires_date <= \(now)")
            try transaction.execute(
                """
                INSERT INTO vcs_connect_attempt (state_digest, vcs_id, browser_digest, verifier, created_by, expires_date)
                VALUES (\(digest), \(connection.id), \(OAuthSecret.digest(browser)), \(sealed), \(author),
                \(now.addingTimeInterval(Self.lifetime)))
                """
            )
        }
        return Ticket(state: state, browser: browser, challenge: OAuthSecret.digest(verifier))
    }

    /// Takes an attempt, which is gone then.
    ///
    /// - Returns: nil when no such attempt is open in this browser.
    func take(state: String, browser: String, connection id: String) async throws -> Taken? {
        let digest = OAuthSecret.digest(state)
        let now = time.now()
        let row = try await database.write { transaction in
            try transaction.rows(
                """
                DELETE FROM vcs_connect_attempt WHERE state_digest = \(digest) AND vcs_id = \(id)
                AND browser_digest = \(OAuthSecret.digest(browser)) AND expires_date > \(now) RETURNING verifier, created_by
                """
            ).first
        }
        return try row.map { row in
            Taken(
                verifier: try keyring.open(text: try row.get("verifier"), context: Self.context(digest)),
                author: try row.get("created_by")
            )
        }
    }

    private static func context(_ digest: String) -> String {
        "vcs_connect_attempt/\(digest)/verifier"
    }
}
