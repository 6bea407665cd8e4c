import Foundation

/// Where a connection's provider is reached. What a client did not say (nothing, or an empty text) follows from the
/// type; what it said stays stored as it was sent.
struct VCSEndpoints: Sendable, Equatable {
    /// The base of pages and OAuth, without a slash at the end.
    let web: String
    /// The base of the REST API, without a slash at the end.
    let api: String

    init(web: String, api: String) {
        self.web = web
        self.api = api
    }

    /// - Returns: nil for types that have no provider.
    init?(type: VCSType, endpoint: String?, apiURL: String?) {
        guard let standard = Self.standard(type) else { return nil }
        let web = Self.given(endpoint)
        let api = Self.given(apiURL)
        switch type {
        case .azureDevOps, .azureManagedIdentity:
            // terraform-provider-terrakube sends the address of the API as the endpoint; no OAuth lives there.
            let isAPI = web == nil || web == standard.api
            self.init(web: isAPI ? standard.web : web ?? standard.web, api: api ?? standard.api)
        case .gitHub, .gitLab, .bitbucket, .gitea, .none:
            let web = web ?? standard.web
            self.init(web: web, api: api ?? (web == standard.web ? standard.api : web + Self.apiPath(type)))
        }
    }

    private static func given(_ text: String?) -> String? {
        guard var text = text?.trimmingCharacters(in: .whitespaces), text.isEmpty == false else { return nil }
        if text.hasSuffix("/") { text.removeLast() }
        return text
    }

    /// Sources: vcs.md §1.3; <https://docs.gitea.com/administration/config-cheat-sheet> for Gitea's public host.
    private static func standard(_ type: VCSType) -> VCSEndpoints? {
        switch type {
        case .gitHub: VCSEndpoints(web: "https://github.com", api: "https://api.github.com")
        case .gitLab: VCSEndpoints(web: "https://gitlab.com", api: "https://gitlab.com/api/v4")
        case .bitbucket: VCSEndpoints(web: "https://bitbucket.org", api: "https://api.bitbucket.org/2.0")
        case .azureDevOps, .azureManagedIdentity: VCSEndpoints(web: "https://app.vssps.visualstudio.com", api: "https://dev.azure.com")
        case .gitea: VCSEndpoints(web: "https://gitea.com", api: "https://gitea.com/api/v1")
        case .none: nil
        }
    }

    /// Where the API lies below an address that was given.
    private static func apiPath(_ type: VCSType) -> String {
        switch type {
        case .gitHub: "/api/v3"
        case .gitLab: "/api/v4"
        // Bitbucket Data Center says so by its `apiUrl`, as Terrakube's pages do.
        case .bitbucket: "/2.0"
        case .gitea: "/api/v1"
        case .azureDevOps, .azureManagedIdentity, .none: ""
        }
    }
}
