import Outgoing

/// GitLab, in the cloud or on one's own host, also below a path. A refresh invalidates both old tokens.
///
/// Source: <https://docs.gitlab.com/api/oauth2/>.
struct GitLab: VCSProvider {
    let name = "GitLab"
    let endpoints: VCSEndpoints
    let gitUsername = "oauth2"

    func authorizeURL(_ request: AuthorizationRequest) -> String {
        page(
            "/oauth/authorize",
            [
                "client_id": request.clientID, "redirect_uri": request.redirectURI, "response_type": "code", "scope": "api",
                "state": request.state, "code_challenge": request.challenge, "code_challenge_method": "S256",
            ]
        )
    }

    /// The `redirect_uri` must be the one of the authorization, to the letter.
    func tokenRequest(_ grant: OAuthGrant, client: OAuthClient) -> OutgoingRequest {
        post("/oauth/token", fields(grant, client: client, redirectURI: client.redirectURI))
    }
}
