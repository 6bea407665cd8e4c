package import Identity

/// A workspace, as the run of a job needs it.
package struct Workspace: Sendable, Equatable {
    package let id: String
    package let name: String
    package let organizationID: String
    package let organizationName: String
    package let projectID: String?
    /// The connection by which its repository is read.
    package let vcsID: String?
    /// The git address; `empty` where the configuration is uploaded.
    package let source: String
    package let branch: String
    package let folder: String
    package let terraformVersion: String
    package let iacType: String
    package let isLocked: Bool

    /// Where it lies, for the question who may do what in it.
    package var scope: AccessScope {
        AccessScope(organization: organizationID, project: projectID, workspace: id)
    }

    /// Whether the configuration is uploaded by a client and not read from git.
    package var takesUploads: Bool {
        source.isEmpty || source == "empty" || branch == Self.uploadBranch
    }

    /// The branch of workspaces that clients upload to.
    package static let uploadBranch = "remote-content"
}
