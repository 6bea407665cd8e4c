import Foundation

/// Which provider is behind a type and its endpoints.
enum VCSProviders {
    /// - Returns: nil for types that no one authorizes by OAuth.
    static func provider(_ type: VCSType, endpoints: VCSEndpoints) -> (any VCSProvider)? {
        switch type {
        case .gitHub: GitHub(endpoints: endpoints)
        case .gitLab: GitLab(endpoints: endpoints)
        case .bitbucket: isCloud(endpoints) ? BitbucketCloud(endpoints: endpoints) : BitbucketDataCenter(endpoints: endpoints)
        case .azureDevOps: isEntra(endpoints) ? MicrosoftEntra(endpoints: endpoints) : AzureDevOps(endpoints: endpoints)
        case .gitea: Gitea(endpoints: endpoints)
        case .azureManagedIdentity, .none: nil
        }
    }

    /// Terrakube has one type for both; their APIs lie at different paths, and it takes for the cloud what says nothing.
    private static func isCloud(_ endpoints: VCSEndpoints) -> Bool {
        endpoints.api.contains("/rest/api/") == false
    }

    private static func isEntra(_ endpoints: VCSEndpoints) -> Bool {
        WebOrigin(endpoints.web)?.host == "login.microsoftonline.com"
    }
}
