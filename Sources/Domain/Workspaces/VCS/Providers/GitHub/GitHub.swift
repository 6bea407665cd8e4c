import Outgoing

/// GitHub and GitHub Enterprise, with an OAuth app, or a GitHub App's user tokens, which expire.
///
/// Source: <https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps>.
struct GitHub: VCSProvider {
    let name = "GitHub"
    let endpoints: VCSEndpoints
    let gitUsername = "x-access-token"

    /// Without a `redirect_uri`, people come back to the address that the app was registered with.
    func authorizeURL(_ request: AuthorizationRequest) -> String {
        page(
            "/login/oauth/authorize",
            [
                "client_id": request.clientID, "allow_signup": "false", "scope": "repo", "state": request.state,
                "code_challenge": request.challenge, "code_challenge_method": "S256",
            ]
        )
    }

    func tokenRequest(_ grant: OAuthGrant, client: OAuthClient) -> OutgoingRequest {
        post("/login/oauth/access_token", fields(grant, client: client, redirectURI: nil))
    }
}
