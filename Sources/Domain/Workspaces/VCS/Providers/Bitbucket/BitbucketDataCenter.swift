import Outgoing

/// Bitbucket Data Center and Server, with an incoming application link.
///
/// Source: <https://confluence.atlassian.com/bitbucketserver/bitbucket-oauth-2-0-provider-api-1108483661.html>.
struct BitbucketDataCenter: VCSProvider {
    let name = "Bitbucket Data Center"
    let endpoints: VCSEndpoints
    let gitUsername = "x-token-auth"
    let accountURL: String? = nil

    func authorizeURL(_ request: AuthorizationRequest) -> String {
        page(
            "/rest/oauth2/latest/authorize",
            [
                "client_id": request.clientID, "redirect_uri": request.redirectURI, "response_type": "code", "scope": "REPO_READ",
                "state": request.state, "code_challenge": request.challenge, "code_challenge_method": "S256",
            ]
        )
    }

    func tokenRequest(_ grant: OAuthGrant, client: OAuthClient) -> OutgoingRequest {
        post("/rest/oauth2/latest/token", fields(grant, client: client, redirectURI: client.redirectURI))
    }
}
