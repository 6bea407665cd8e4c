/// How far a row of access reaches.
package enum AccessLevel: String, Sendable, CaseIterable {
    /// A team: everything in the organization.
    case organization
    /// The workspaces of one project.
    case project
    /// One workspace.
    case workspace

    /// What can be granted at this level at all.
    package var permissions: Set<Permission> {
        switch self {
        case .organization: Set(Permission.allCases)
        case .project: [.manageWorkspace, .manageState, .planJob, .approveJob, .manageProject]
        case .workspace: [.manageWorkspace, .manageState, .planJob, .approveJob]
        }
    }
}

/// Where something lies, which decides whose rows of access count for it: those of its organization, of its project
/// and of its workspace together. There is no way to deny.
package struct AccessScope: Sendable, Hashable {
    package let organization: String
    package let project: String?
    package let workspace: String?

    package init(organization: String, project: String? = nil, workspace: String? = nil) {
        self.organization = organization
        self.project = project
        self.workspace = workspace
    }

    /// For messages: the place that a permission is missing in.
    var name: String {
        if workspace != nil { return "workspace" }
        return project == nil ? "organization" : "project"
    }
}
