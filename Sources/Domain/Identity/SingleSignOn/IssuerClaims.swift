import JWTKit

/// The claims of ID tokens (OpenID Connect Core §2) and of access tokens (RFC 9068), with the names that Dex gives them.
struct IssuerClaims: JWTPayload, Equatable {
    let iss: IssuerClaim
    let sub: SubjectClaim
    /// The client of an ID token; this server for an access token.
    let aud: AudienceClaim
    let exp: ExpirationClaim
    let iat: IssuedAtClaim
    /// The grant that keeps the token alive.
    let jti: IDClaim
    let clientID: String
    var nonce: String?
    let email: String
    let emailVerified: Bool
    let name: String
    let groups: [String]

    enum CodingKeys: String, CodingKey {
        case iss, sub, aud, exp, iat, jti, nonce, email, name, groups
        case clientID = "client_id"
        case emailVerified = "email_verified"
    }

    /// Issuer, audience and time are checked by the caller, who knows the address and the clock.
    func verify(using algorithm: some JWTAlgorithm) throws {}
}
