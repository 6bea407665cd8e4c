/// What tokens are asked for with.
enum OAuthGrant: Sendable {
    /// A code that came with a callback, and the verifier of RFC 7636 if its challenge was sent.
    case code(String, verifier: String?)
    case refreshToken(String)
}

/// Who asks, and where people are sent back to.
struct OAuthClient: Sendable {
    let id: String
    let secret: String
    let redirectURI: String
}

/// What the page on which people approve is told.
struct AuthorizationRequest: Sendable {
    let clientID: String
    let redirectURI: String
    let state: String
    /// The S256 challenge of RFC 7636.
    let challenge: String
}
