import Outgoing

/// Azure DevOps with an app of Microsoft Entra ID, whose endpoint is `https://login.microsoftonline.com/{tenant}`.
///
/// Source: <https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow>; the scope is Azure
/// DevOps' own resource id.
struct MicrosoftEntra: VCSProvider {
    private static let scope = "499b84ac-1321-427f-aa17-267ca6975798/.default offline_access"

    let name = "Microsoft Entra ID"
    let endpoints: VCSEndpoints
    let gitUsername = "dummy"
    let accountURL: String? = nil

    func authorizeURL(_ request: AuthorizationRequest) -> String {
        page(
            "/oauth2/v2.0/authorize",
            [
                "client_id": request.clientID, "redirect_uri": request.redirectURI, "response_type": "code", "scope": Self.scope,
                "state": request.state, "code_challenge": request.challenge, "code_challenge_method": "S256",
            ]
        )
    }

    func tokenRequest(_ grant: OAuthGrant, client: OAuthClient) -> OutgoingRequest {
        var fields = fields(grant, client: client, redirectURI: client.redirectURI)
        fields.append("scope", Self.scope)
        return post("/oauth2/v2.0/token", fields)
    }

    func hosts(_ origin: WebOrigin) -> Bool {
        AzureRepositories.host(origin, of: endpoints)
    }
}
