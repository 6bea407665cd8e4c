import Foundation
import JWTKit
import Service

/// The claims of every token that this server signs. Names and issuers are Terrakube's, so that clients which look
/// inside find what they look for.
struct TokenClaims: JWTPayload, Equatable {
    /// `Terrakube` for people and teams, `TerrakubeInternal` for jobs.
    enum Issuer: String {
        case personal = "Terrakube"
        case job = "TerrakubeInternal"
    }

    let iss: IssuerClaim
    let sub: SubjectClaim
    let aud: AudienceClaim
    /// The id of the row that keeps the token alive: a deleted row ends it everywhere at once.
    let jti: IDClaim
    let iat: IssuedAtClaim
    var exp: ExpirationClaim?
    var email: String?
    var emailVerified: Bool?
    var name: String?
    var groups: [String]?
    var workspaceId: String?
    var jobId: Int?
    var epoch: Int?

    enum CodingKeys: String, CodingKey {
        case iss, sub, aud, jti, iat, exp, email, name, groups, workspaceId, jobId, epoch
        case emailVerified = "email_verified"
    }

    /// Time is checked by the caller, who knows the clock.
    func verify(using algorithm: some JWTAlgorithm) throws {
        guard let issuer = Issuer(rawValue: iss.value) else {
            throw JWTError.claimVerificationFailure(failedClaim: iss, reason: "unknown issuer")
        }
        try aud.verifyIntendedAudience(includes: issuer.rawValue)
    }
}
