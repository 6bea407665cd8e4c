import Database

/// The systems that a connection may lead to, in Terrakube's spelling; `GITEA`, which stands for Forgejo too, is ours.
package enum VCSType: String, CaseIterable, SQLConvertible {
    case gitHub = "GITHUB"
    case gitLab = "GITLAB"
    case bitbucket = "BITBUCKET"
    case azureDevOps = "AZURE_DEVOPS"
    case azureManagedIdentity = "AZURE_SP_MI"
    case gitea = "GITEA"
    /// Repositories that need no credentials.
    case none = "PUBLIC"
}

/// How far a connection has come.
package enum VCSStatus: String, CaseIterable, SQLConvertible {
    /// Nobody has authorized it yet.
    case pending = "PENDING"
    case completed = "COMPLETED"
    /// The provider refuses it, until somebody connects it again.
    case error = "ERROR"
}
