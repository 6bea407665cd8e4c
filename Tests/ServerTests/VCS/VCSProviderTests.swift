import Foundation
import Outgoing
import Testing

@testable import Workspaces

struct VCSProviderTests {
    private static let request = AuthorizationRequest(
        clientID: "key 1",
        redirectURI: "https://t.example.com/callback/v1/vcs/1",
        state: "state",
        challenge: "challenge"
    )
    private static let client = OAuthClient(id: "key 1", secret: "s&cret=", redirectURI: "https://t.example.com/callback/v1/vcs/1")
    private static let redirect = "https%3A%2F%2Ft.example.com%2Fcallback%2Fv1%2Fvcs%2F1"
    private static let pkce = "code_challenge=challenge&code_challenge_method=S256"

    private func provider(_ type: VCSType, _ endpoint: String? = nil, _ apiURL: String? = nil) throws -> any VCSProvider {
        let endpoints = try #require(VCSEndpoints(type: type, endpoint: endpoint, apiURL: apiURL))
        return try #require(VCSProviders.provider(type, endpoints: endpoints))
    }

    @Test(
        "what a client leaves out follows from the type",
        arguments: [
            (VCSType.bitbucket, nil, nil, "https://bitbucket.org", "https://api.bitbucket.org/2.0"),
            (.bitbucket, "", "", "https://bitbucket.org", "https://api.bitbucket.org/2.0"),
            (.bitbucket, "https://git.example.com/", nil, "https://git.example.com", "https://git.example.com/2.0"),
            (.bitbucket, "https://x.com/b", "https://x.com/b/rest/api/1.0/", "https://x.com/b", "https://x.com/b/rest/api/1.0"),
            (.gitHub, nil, nil, "https://github.com", "https://api.github.com"),
            (.gitHub, "https://ghe.example.com", nil, "https://ghe.example.com", "https://ghe.example.com/api/v3"),
            (.gitLab, "https://example.com/gitlab/", "", "https://example.com/gitlab", "https://example.com/gitlab/api/v4"),
            (.gitLab, nil, nil, "https://gitlab.com", "https://gitlab.com/api/v4"),
            (.gitea, "https://codeberg.org", nil, "https://codeberg.org", "https://codeberg.org/api/v1"),
            (.azureDevOps, nil, nil, "https://app.vssps.visualstudio.com", "https://dev.azure.com"),
            (.azureDevOps, "https://dev.azure.com", "https://dev.azure.com", "https://app.vssps.visualstudio.com", "https://dev.azure.com"),
        ] as [(VCSType, String?, String?, String, String)]
    )
    func endpoints(type: VCSType, endpoint: String?, apiURL: String?, web: String, api: String) {
        #expect(VCSEndpoints(type: type, endpoint: endpoint, apiURL: apiURL) == VCSEndpoints(web: web, api: api))
    }

    @Test("the pages for approvals are each provider's own")
    func authorizeURLs() throws {
        #expect(
            try provider(.bitbucket).authorizeURL(Self.request)
                == "https://bitbucket.org/site/oauth2/authorize?client_id=key%201&response_type=code&state=state"
        )
        #expect(
            try provider(.gitHub).authorizeURL(Self.request)
                == "https://github.com/login/oauth/authorize?client_id=key%201&allow_signup=false&scope=repo&state=state&\(Self.pkce)"
        )
        #expect(
            try provider(.gitLab).authorizeURL(Self.request)
                == "https://gitlab.com/oauth/authorize?client_id=key%201&redirect_uri=\(Self.redirect)&response_type=code&scope=api&state=state&\(Self.pkce)"
        )
        #expect(
            try provider(.azureDevOps).authorizeURL(Self.request)
                == "https://app.vssps.visualstudio.com/oauth2/authorize?client_id=key%201&redirect_uri=\(Self.redirect)&response_type=Assertion&scope=vso.code%20vso.code_status&state=state"
        )
        let server = try provider(.bitbucket, "https://git.example.com", "https://git.example.com/rest/api/1.0")
        #expect(server.authorizeURL(Self.request).hasPrefix("https://git.example.com/rest/oauth2/latest/authorize?client_id="))
        let entra = try provider(.azureDevOps, "https://login.microsoftonline.com/tenant")
        #expect(entra.authorizeURL(Self.request).hasPrefix("https://login.microsoftonline.com/tenant/oauth2/v2.0/authorize?client_id="))
    }

    @Test("secrets travel in the body or the header of a token request, never in its address", arguments: VCSType.allCases)
    func tokenRequests(type: VCSType) throws {
        guard let endpoints = VCSEndpoints(type: type, endpoint: nil, apiURL: nil),
            let provider = VCSProviders.provider(type, endpoints: endpoints)
        else { return }
        for grant in [OAuthGrant.code("c0de", verifier: nil), .refreshToken("c0de")] {
            let request = provider.tokenRequest(grant, client: Self.client)
            #expect(request.method == "POST")
            #expect(request.url.contains("?") == false)
            #expect(request.url.contains("c0de") == false)
            let body = String(decoding: request.body ?? Data(), as: UTF8.self)
            #expect(body.contains("=c0de"))
            let isBasic = request.headers.contains { $0 == ("Authorization", "Basic " + Data("key 1:s&cret=".utf8).base64EncodedString()) }
            #expect(isBasic == (type == .bitbucket))
            #expect(body.contains("s%26cret%3D") == !isBasic)
        }
    }

    @Test("a token is for the repositories of its own host")
    func hosts() throws {
        func hosts(_ type: VCSType, _ url: String, endpoint: String? = nil) throws -> Bool {
            try provider(type, endpoint).hosts(try #require(WebOrigin(url)))
        }
        #expect(try hosts(.bitbucket, "https://acme@bitbucket.org/acme/infra.git"))
        #expect(try hosts(.bitbucket, "https://BITBUCKET.org:443/acme/infra.git"))
        for url in [
            "http://bitbucket.org/a/b", "https://bitbucket.org.evil.com/a", "https://bitbucket.org:444/a",
            "https://bitbucket.org@evil.com/a",
        ] {
            #expect(try hosts(.bitbucket, url) == false, "\(url)")
        }
        #expect(try hosts(.azureDevOps, "https://acme@dev.azure.com/acme/p/_git/r"))
        #expect(try hosts(.azureDevOps, "https://acme.visualstudio.com/p/_git/r"))
        #expect(try hosts(.azureDevOps, "https://acmevisualstudio.com/p") == false)
        #expect(try hosts(.azureDevOps, "http://acme.visualstudio.com/p") == false)
        #expect(try hosts(.gitLab, "https://example.com/gitlab/a/b.git", endpoint: "https://example.com/gitlab"))
        #expect(try hosts(.gitLab, "https://gitlab.com/a/b.git", endpoint: "https://example.com/gitlab") == false)
    }
}
