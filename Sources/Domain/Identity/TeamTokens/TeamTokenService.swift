package import Database
import Foundation
import JSONAPI
import JWTKit
package import Service

/// Tokens of teams: made, listed and deleted by the members of the group, and by administrators.
package struct TeamTokenService: Sendable {
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

    /// - Returns: The token itself: a JWT whose `jti` is the id of its row, which the Terraform provider reads there.
    /// - Throws: `APIError` 403 for a group that the caller is not in, 400 for a bad lifetime or text.
    package func create(
        group: String,
        description: String,
        lifetime: TeamToken.Lifetime,
        as principal: Principal
    ) async throws -> String {
        guard group.isEmpty == false else { throw APIError.invalid(attribute: "group", "A team token needs a group.") }
        guard principal.isAdministrator || principal.groups.contains(group) else {
            throw APIError.forbidden("Only members of \(group) make tokens for it.")
        }
        for (name, value) in [("days", lifetime.days), ("hours", lifetime.hours), ("minutes", lifetime.minutes)] {
            guard (0...36_500).contains(value) else { throw APIError.invalid(attribute: name, "\(name) must be between 0 and 36500.") }
        }
        for (name, text) in [("group", group), ("description", description)] {
            guard text.unicodeScalars.count <= 64, text.unicodeScalars.contains("\0") == false else {
                throw APIError.invalid(attribute: name, "\(name) must have at most 64 characters.")
            }
        }
        let token = TeamToken(
            id: ids.next(),
            group: group,
            description: description,
            lifetime: lifetime,
            createdDate: time.now(),
            createdBy: principal.name
        )
        let text = try await signer.sign(claims(of: token))
        try await database.write { try TeamTokenStore($0).insert(token) }
        return text
    }

    /// The tokens of the caller's groups; all of them for administrators.
    package func list(as principal: Principal) async throws -> [TeamToken] {
        try await database.read { try TeamTokenStore($0).list(groups: reach(of: principal)) }
    }

    /// Ends a token at once, everywhere.
    ///
    /// - Throws: `APIError` 404 when there is none, or it is another group's.
    package func delete(id: String, as principal: Principal) async throws {
        let isDeleted = try await database.write { try TeamTokenStore($0).delete(id: id, groups: reach(of: principal)) }
        guard isDeleted else { throw APIError.notFound("There is no token \(id).") }
    }

    private func reach(of principal: Principal) -> Set<String>? {
        principal.isAdministrator ? nil : principal.groups
    }

    /// Source: api.md §4.1.
    private func claims(of token: TeamToken) -> TokenClaims {
        TokenClaims(
            iss: IssuerClaim(value: TokenClaims.Issuer.personal.rawValue),
            sub: SubjectClaim(value: "\(token.group) (Team Token)"),
            aud: AudienceClaim(value: [TokenClaims.Issuer.personal.rawValue]),
            jti: IDClaim(value: token.id),
            iat: IssuedAtClaim(value: token.createdDate.wholeSeconds),
            exp: token.expiresDate.map { ExpirationClaim(value: $0.wholeSeconds) },
            email: token.createdBy,
            emailVerified: true,
            name: "\(token.group) (Token)",
            groups: [token.group]
        )
    }
}
