import Crypto
package import Database
import Foundation
package import HTTPTypes
package import Hummingbird
package import Service

/// Browser sessions: server-side rows, known to the browser by a random cookie of which only the hash is stored.
package struct SessionService: Sendable {
    /// A session that is alive, and whose it is.
    package struct Session: Sendable {
        package let user: User
        package let reference: SessionReference
    }

    /// However often it is used, a session ends after this many seconds.
    private static let lifetime: TimeInterval = 12 * 3600

    private let database: any SQLDatabase
    private let time: TimeSource
    private let cookie: CookieShape

    /// - Parameter isSecure: Whether browsers reach the server by https.
    package init(database: any SQLDatabase, time: TimeSource, isSecure: Bool) {
        self.database = database
        self.time = time
        self.cookie = CookieShape(isSecure: isSecure)
    }

    /// Starts a session.
    ///
    /// - Returns: The header that gives the browser its cookie.
    package func begin(for user: User) async throws -> HTTPField {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64URL }
        let id = Self.digest(of: secret, purpose: "id")
        let now = time.now()
        let expires = now.addingTimeInterval(Self.lifetime)
        try await database.write { transaction in
            try transaction.execute("DELETE FROM browser_session WHERE expires_date <= \(now)")
            try transaction.execute(
                """
                INSERT INTO browser_session (id, user_id, created_date, expires_date)
                VALUES (\(id), \(user.id), \(now), \(expires))
                """
            )
        }
        return cookie.field(value: secret, seconds: Int(Self.lifetime))
    }

    /// Ends the session.
    ///
    /// - Returns: The header that takes the cookie away.
    package func end(_ reference: SessionReference) async throws -> HTTPField {
        _ = try await database.write { try $0.execute("DELETE FROM browser_session WHERE id = \(reference.id)") }
        return cookie.field(value: "", seconds: 0)
    }

    /// The live session that the cookie of a request names, or nil.
    package func session(of request: Request) async throws -> Session? {
        guard let secret = cookie.value(in: request.headers) else { return nil }
        let id = Self.digest(of: secret, purpose: "id")
        let now = time.now()
        let user = try await database.read { connection in
            try connection.row(
                """
                SELECT local_user.* FROM browser_session JOIN local_user ON local_user.id = browser_session.user_id
                WHERE browser_session.id = \(id) AND browser_session.expires_date > \(now) AND NOT local_user.disabled
                """
            ).map(UserStore(connection).user)
        }
        return user.map { Session(user: $0, reference: SessionReference(id: id, csrfToken: Self.digest(of: secret, purpose: "csrf"))) }
    }

    private static func digest(of secret: String, purpose: String) -> String {
        Data(SHA256.hash(data: Data("\(purpose)/\(secret)".utf8))).base64URL
    }
}

/// How the session cookie looks. Over https it has the `__Host-` prefix, which browsers accept only with Secure, with
/// Path=/ and without Domain (RFC 6265bis §4.1.3.2).
private struct CookieShape: Sendable {
    let isSecure: Bool

    private var name: String { isSecure ? "__Host-terrakube" : "terrakube" }

    func field(value: String, seconds: Int) -> HTTPField {
        let secure = isSecure ? "; Secure" : ""
        return HTTPField(name: .setCookie, value: "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax\(secure)")
    }

    func value(in headers: HTTPFields) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                if parts.count == 2, parts[0] == name { return parts[1] }
            }
        }
        return nil
    }
}
