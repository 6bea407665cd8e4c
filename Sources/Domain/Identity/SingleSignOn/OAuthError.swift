/// An error as OAuth's clients know them. Sources: RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5, OpenID Connect Core §3.1.2.6.
package struct OAuthError: Error, Sendable, Equatable {
    package enum Code: String, Sendable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case unsupportedResponseType = "unsupported_response_type"
        case requestNotSupported = "request_not_supported"
        case requestURINotSupported = "request_uri_not_supported"
        case accessDenied = "access_denied"
        case loginRequired = "login_required"
        case consentRequired = "consent_required"
        case authorizationPending = "authorization_pending"
        case slowDown = "slow_down"
        case expiredToken = "expired_token"
    }

    package let code: Code
    /// For the developer of the client: ASCII, without quotes and backslashes.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// What was presented is worth nothing, for whatever reason: who guesses learns no more.
    static func invalidGrant(_ what: String) -> OAuthError {
        OAuthError(.invalidGrant, "The \(what) is unknown, expired, used before, or not for this client.")
    }

    package static let denied = OAuthError(.accessDenied, "The user refused.")
}
