import Foundation
import Outgoing

/// Bitbucket Cloud. Its consumers have one callback address and the permissions that were ticked, so that neither is
/// sent; it knows no PKCE.
///
/// Source: <https://developer.atlassian.com/cloud/bitbucket/oauth-2/>. Since May 2026 refresh tokens rotate, and access
/// tokens are taken in the `Authorization` header only.
struct BitbucketCloud: VCSProvider {
    let name = "Bitbucket"
    let endpoints: VCSEndpoints
    let gitUsername = "x-token-auth"
    let supportsPKCE = false

    func authorizeURL(_ request: AuthorizationRequest) -> String {
        page("/site/oauth2/authorize", ["client_id": request.clientID, "response_type": "code", "state": request.state])
    }

    func tokenRequest(_ grant: OAuthGrant, client: OAuthClient) -> OutgoingRequest {
        let login = Data("\(client.id):\(client.secret)".utf8).base64EncodedString()
        let fields: FormFields =
            switch grant {
            case .code(let code, _): ["grant_type": "authorization_code", "code": code]
            case .refreshToken(let token): ["grant_type": "refresh_token", "refresh_token": token]
            }
        return post("/site/oauth2/access_token", fields, headers: [("Authorization", "Basic \(login)")])
    }
}
