import Outgoing

/// Azure DevOps with its own OAuth, which takes the app's secret as a client assertion. Microsoft registers no new apps
/// for it; those that are there still work.
///
/// Source: <https://learn.microsoft.com/en-us/azure/devops/integrate/get-started/authentication/azure-devops-oauth>.
struct AzureDevOps: VCSProvider {
    let name = "Azure DevOps"
    let endpoints: VCSEndpoints
    let gitUsername = "dummy"
    let supportsPKCE = false
    var accountURL: String? { "\(endpoints.web)/_apis/profile/profiles/me?api-version=6.0" }

    func authorizeURL(_ request: AuthorizationRequest) -> String {
        page(
            "/oauth2/authorize",
            [
                "client_id": request.clientID, "redirect_uri": request.redirectURI, "response_type": "Assertion",
                "scope": "vso.code vso.code_status", "state": request.state,
            ]
        )
    }

    func tokenRequest(_ grant: OAuthGrant, client: OAuthClient) -> OutgoingRequest {
        var fields: FormFields = [
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion": client.secret,
        ]
        switch grant {
        case .code(let code, _):
            fields.append("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
            fields.append("assertion", code)
        case .refreshToken(let token):
            fields.append("grant_type", "refresh_token")
            fields.append("assertion", token)
        }
        fields.append("redirect_uri", client.redirectURI)
        return post("/oauth2/token", fields)
    }

    func tokens(from response: OutgoingResponse) throws(OAuthFailure) -> OAuthTokens {
        try OAuthTokens(response: response, tokenTypes: ["bearer", "jwt-bearer"])
    }

    func hosts(_ origin: WebOrigin) -> Bool {
        AzureRepositories.host(origin, of: endpoints)
    }
}

/// Where repositories of Azure DevOps are.
enum AzureRepositories {
    /// The old addresses have the organization in the host's name.
    static func host(_ origin: WebOrigin, of endpoints: VCSEndpoints) -> Bool {
        if origin == WebOrigin(endpoints.api) { return true }
        guard endpoints.api == "https://dev.azure.com", origin == WebOrigin("https://\(origin.host)") else { return false }
        return origin.host.hasSuffix(".visualstudio.com")
    }
}
