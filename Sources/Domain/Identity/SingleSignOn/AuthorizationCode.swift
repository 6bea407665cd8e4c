import Foundation

/// What a code stands for, from the user's consent to its redemption a moment later.
struct AuthorizationCode: Sendable, Equatable {
    /// In seconds. It travels once through a browser.
    static let lifetime: TimeInterval = 60

    let hash: String
    let userID: String
    let client: String
    let redirectURI: String
    let challenge: String
    let scope: SignOnScope
    let nonce: String?
    let expiresDate: Date
    var isUsed = false
    /// What it was redeemed for.
    var grantID: String?

    /// Whether this client may redeem it, with this verifier. Source: RFC 7636 §4.6.
    func isFor(client: SignOnClient, redirectURI: String?, verifier: String, now: Date) -> Bool {
        expiresDate > now && self.client == client.id && self.redirectURI == redirectURI
            && SignOnSecret(presented: verifier).hash == challenge
    }
}
