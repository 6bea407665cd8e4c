import Outgoing

/// Gitea and Forgejo.
///
/// Source: <https://docs.gitea.com/development/oauth2-provider>.
struct Gitea: VCSProvider {
    let name = "Gitea"
    let endpoints: VCSEndpoints
    let gitUsername = "oauth2"

    func authorizeURL(_ request: AuthorizationRequest) -> String {
        page(
            "/login/oauth/authorize",
            [
                "client_id": request.clientID, "redirect_uri": request.redirectURI, "response_type": "code", "scope": "write:repository",
                "state": request.state, "code_challenge": request.challenge, "code_challenge_method": "S256",
            ]
        )
    }

    func tokenRequest(_ grant: OAuthGrant, client: OAuthClient) -> OutgoingRequest {
        post("/login/oauth/access_token", fields(grant, client: client, redirectURI: client.redirectURI))
    }
}
