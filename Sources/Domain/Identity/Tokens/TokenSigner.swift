import Crypto
package import Foundation
import JWTKit
package import Service

/// Signs and verifies this server's own tokens: JWTs with HS256 (RFC 7519) and a key derived from the secret key.
package struct TokenSigner: Sendable {
    private let keys: JWTKeyCollection
    private let current: JWKIdentifier

    /// - Throws: `KeyringError.badMasterKey` when the ring has no key.
    package init(keyring: Keyring) async throws {
        let collection = JWTKeyCollection()
        var identifiers: [JWKIdentifier] = []
        for key in keyring.derivedKeys(purpose: "terrakube-token-signing") {
            let bytes = key.withUnsafeBytes { Data($0) }
            let identifier = JWKIdentifier(string: SHA256.hash(data: bytes).prefix(8).map { String($0, radix: 16) }.joined())
            await collection.add(hmac: HMACKey(from: bytes), digestAlgorithm: .sha256, kid: identifier)
            identifiers.append(identifier)
        }
        guard let first = identifiers.first else { throw KeyringError.badMasterKey }
        keys = collection
        current = first
    }

    func sign(_ claims: TokenClaims) async throws -> String {
        try await keys.sign(claims, kid: current)
    }

    /// - Returns: nil when the token is not ours, altered, of another audience or expired at `now`.
    func verify(_ token: String, now: Date) async -> TokenClaims? {
        guard let claims = try? await keys.verify(token, as: TokenClaims.self) else { return nil }
        if let expiration = claims.exp, expiration.value <= now { return nil }
        return claims
    }

    /// A token for the executor that runs one job under one epoch.
    package func jobToken(_ grant: JobGrant, now: Date) async throws -> String {
        try await sign(
            TokenClaims(
                iss: IssuerClaim(value: TokenClaims.Issuer.job.rawValue),
                sub: SubjectClaim(value: "TerrakubeInternal (TOKEN)"),
                aud: AudienceClaim(value: [TokenClaims.Issuer.job.rawValue]),
                jti: IDClaim(value: "job-\(grant.jobID)-\(grant.epoch)"),
                iat: IssuedAtClaim(value: now.wholeSeconds),
                name: "TerrakubeInternal Client",
                workspaceId: grant.workspaceID,
                jobId: grant.jobID,
                epoch: grant.epoch
            )
        )
    }
}
