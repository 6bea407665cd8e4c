import Foundation
import Outgoing

/// A version control system at its endpoints. Everything here is pure: it writes requests and reads answers.
protocol VCSProvider: Sendable {
    /// As people call it.
    var name: String { get }
    var endpoints: VCSEndpoints { get }
    /// The user name that git sends with a token as the password.
    var gitUsername: String { get }
    /// The page on which people approve.
    func authorizeURL(_ request: AuthorizationRequest) -> String
    /// What the token endpoint is asked.
    func tokenRequest(_ grant: OAuthGrant, client: OAuthClient) -> OutgoingRequest
    /// What it answered.
    func tokens(from response: OutgoingResponse) throws(OAuthFailure) -> OAuthTokens
    /// Whether repositories at this origin are this provider's: a token is shown to no other.
    func hosts(_ origin: WebOrigin) -> Bool
    /// Where the owner of a token is said; nil when nowhere.
    var accountURL: String? { get }
    /// Whether the token endpoint checks the verifier of RFC 7636.
    var supportsPKCE: Bool { get }
}

extension VCSProvider {
    var supportsPKCE: Bool { true }
    var accountURL: String? { "\(endpoints.api)/user" }

    func tokens(from response: OutgoingResponse) throws(OAuthFailure) -> OAuthTokens {
        try OAuthTokens(response: response)
    }

    func hosts(_ origin: WebOrigin) -> Bool {
        WebOrigin(endpoints.web) == origin
    }

    /// A request with a form, as RFC 6749 §4.1.3 has it.
    func post(_ path: String, _ fields: FormFields, headers: [(name: String, value: String)] = []) -> OutgoingRequest {
        OutgoingRequest(
            method: "POST",
            url: endpoints.web + path,
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"), ("User-Agent", "terrakube"),
            ] + headers,
            body: Data(fields.encoded.utf8)
        )
    }

    func page(_ path: String, _ fields: FormFields) -> String {
        "\(endpoints.web)\(path)?\(fields.encoded)"
    }

    /// The fields of a token request with the client in the body, as most providers take it.
    func fields(_ grant: OAuthGrant, client: OAuthClient, redirectURI: String?) -> FormFields {
        var fields: FormFields = ["client_id": client.id, "client_secret": client.secret]
        switch grant {
        case .code(let code, let verifier):
            fields.append("grant_type", "authorization_code")
            fields.append("code", code)
            fields.append("redirect_uri", redirectURI)
            fields.append("code_verifier", verifier)
        case .refreshToken(let token):
            fields.append("grant_type", "refresh_token")
            fields.append("refresh_token", token)
            fields.append("redirect_uri", redirectURI)
        }
        return fields
    }
}
