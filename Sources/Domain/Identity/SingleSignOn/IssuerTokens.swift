import Foundation
import JWTKit
import Service

/// Makes the JWTs of the issuer, and reads its access tokens.
struct IssuerTokens: Sendable {
    /// Tells access tokens from ID tokens, which prove who somebody is and open nothing (RFC 9068 §2.1).
    private static let accessType = "at+jwt"

    let keys: IssuerKeys
    let address: ServerAddress

    var issuer: String { address.publicURL + "/dex" }

    func accessToken(for grant: SignOnGrant, user: User, now: Date) async throws -> String {
        try await sign(claims(grant, user: user, audience: address.publicURL, now: now), type: Self.accessType)
    }

    /// - Parameter nonce: What the client sent, in the answer to a code.
    func idToken(for grant: SignOnGrant, user: User, nonce: String?, now: Date) async throws -> String {
        var claims = claims(grant, user: user, audience: grant.client, now: now)
        claims.nonce = nonce
        return try await sign(claims, type: "JWT")
    }

    /// The id of the grant that an access token stands for.
    ///
    /// - Returns: Nil when the token is not ours, altered, of another kind or audience, or expired at `now`.
    func grantID(of token: String, now: Date) async throws -> String? {
        guard let header = Header(of: token), header.alg == "RS256", header.typ == Self.accessType,
            let pem = try await keys.publicKey(id: header.kid)
        else { return nil }
        let key = await JWTKeyCollection().add(rsa: try Insecure.RSA.PublicKey(pem: pem), digestAlgorithm: .sha256)
        guard let claims = try? await key.verify(token, as: IssuerClaims.self) else { return nil }
        guard claims.iss.value == issuer, claims.aud.value == [address.publicURL], claims.exp.value > now else { return nil }
        return claims.jti.value
    }

    private func sign(_ claims: IssuerClaims, type: String) async throws -> String {
        let key = try await keys.current()
        let collection = await JWTKeyCollection().add(rsa: try Insecure.RSA.PrivateKey(pem: key.pem), digestAlgorithm: .sha256)
        return try await collection.sign(claims, header: ["typ": .string(type), "kid": .string(key.id)])
    }

    private func claims(_ grant: SignOnGrant, user: User, audience: String, now: Date) -> IssuerClaims {
        IssuerClaims(
            iss: IssuerClaim(value: issuer),
            sub: SubjectClaim(value: user.id),
            aud: AudienceClaim(value: [audience]),
            exp: ExpirationClaim(value: now.addingTimeInterval(SignOnGrant.tokenLifetime).wholeSeconds),
            iat: IssuedAtClaim(value: now.wholeSeconds),
            jti: IDClaim(value: grant.id),
            clientID: grant.client,
            email: user.email,
            emailVerified: true,
            name: user.username,
            groups: user.groups.sorted()
        )
    }

    /// What a token says about its signature, before anything is believed.
    private struct Header: Decodable {
        let alg: String
        let kid: String
        let typ: String

        init?(of token: String) {
            let part = token.prefix { $0 != "." }.replacing("-", with: "+").replacing("_", with: "/")
            let padding = String(repeating: "=", count: (4 - part.count % 4) % 4)
            guard let bytes = Data(base64Encoded: part + padding), let header = try? JSONDecoder().decode(Header.self, from: bytes) else {
                return nil
            }
            self = header
        }
    }
}
