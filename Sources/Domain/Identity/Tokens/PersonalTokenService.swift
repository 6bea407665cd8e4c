package import Database
import Foundation
import JSONAPI
import JWTKit
package import Service

/// Personal access tokens: made, listed and deleted by their owner.
package struct PersonalTokenService: Sendable {
    private let database: any SQLDatabase
    private let signer: TokenSigner
    private let time: TimeSource
    private let ids: IDSource

    package init(database: any SQLDatabase, signer: TokenSigner, time: TimeSource, ids: IDSource) {
        self.database = database
        self.signer = signer
        self.time = time
        self.ids = ids
    }

    /// - Parameter days: 0 makes a token without end.
    /// - Returns: The token itself: a JWT whose `jti` is the id of its row (api.md §4.1).
    /// - Throws: `APIError` for days out of range or a description over 64 characters.
    package func create(for user: User, description: String, days: Int) async throws -> String {
        guard (0...36_500).contains(days) else { throw APIError.invalid(attribute: "days", "days must be between 0 and 36500.") }
        guard description.unicodeScalars.count <= 64, description.unicodeScalars.contains("\0") == false else {
            throw APIError.invalid(attribute: "description", "description must have at most 64 characters.")
        }
        let token = PersonalToken(
            id: ids.next(),
            userID: user.id,
            description: description,
            days: days,
            createdDate: time.now(),
            createdBy: user.email
        )
        let text = try await sign(token, of: user)
        try await database.write { try PersonalTokenStore($0).insert(token) }
        return text
    }

    /// The token itself, for a row that was written beside something else.
    func sign(_ token: PersonalToken, of user: User) async throws -> String {
        try await signer.sign(claims(of: token, user: user))
    }

    /// - Throws: `APIError` 403 when the principal is no person.
    package func list(as principal: Principal) async throws -> [PersonalToken] {
        let userID = try requireUser(principal)
        return try await database.read { try PersonalTokenStore($0).list(userID: userID) }
    }

    /// Ends a token at once, everywhere. Its owner may, and an administrator.
    ///
    /// - Throws: `APIError` 404 when there is none, or it is somebody else's.
    package func delete(id: String, as principal: Principal) async throws {
        let userID = principal.isAdministrator ? nil : try requireUser(principal)
        let isDeleted = try await database.write { try PersonalTokenStore($0).delete(id: id, userID: userID) }
        guard isDeleted else { throw APIError.notFound("There is no token \(id).") }
    }

    private func requireUser(_ principal: Principal) throws -> String {
        guard case .user(let id) = principal.kind else { throw APIError.forbidden("Only people have personal access tokens.") }
        return id
    }

    private func claims(of token: PersonalToken, user: User) -> TokenClaims {
        TokenClaims(
            iss: IssuerClaim(value: TokenClaims.Issuer.personal.rawValue),
            sub: SubjectClaim(value: "\(user.username) (Token)"),
            aud: AudienceClaim(value: [TokenClaims.Issuer.personal.rawValue]),
            jti: IDClaim(value: token.id),
            iat: IssuedAtClaim(value: token.createdDate.wholeSeconds),
            exp: token.expiresDate.map { ExpirationClaim(value: $0.wholeSeconds) },
            email: user.email,
            emailVerified: true,
            name: "\(user.username) (Token)",
            groups: user.groups.sorted()
        )
    }
}
