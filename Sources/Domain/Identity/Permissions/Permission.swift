/// What a group may do. The names are those of Terrakube's team flags.
package enum Permission: String, Sendable, CaseIterable {
    case manageWorkspace
    case manageState
    case manageCollection
    case manageModule
    case manageProvider
    case manageVcs
    case manageTemplate
    case planJob
    case approveJob
    /// Rename a project and say who has access to it. No flag of a row gives it: it follows from a role, or from
    /// managing the workspaces of the whole organization.
    case manageProject

    /// Where a row keeps the flag, for the role `custom`; nil for what only roles give.
    var column: String? {
        switch self {
        case .manageWorkspace: "manage_workspace"
        case .manageState: "manage_state"
        case .manageCollection: "manage_collection"
        case .manageModule: "manage_module"
        case .manageProvider: "manage_provider"
        case .manageVcs: "manage_vcs"
        case .manageTemplate: "manage_template"
        case .planJob: "plan_job"
        case .approveJob: "approve_job"
        case .manageProject: nil
        }
    }
}
