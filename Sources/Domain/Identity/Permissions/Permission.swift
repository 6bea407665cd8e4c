/// What a team may do in an organization. The names are those of Terrakube's team flags.
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

    /// Where a team row keeps the flag, for the role `custom`.
    var column: String {
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
        }
    }
}

/// The roles that a team can have, and what each one grants: the whole table.
package enum Role: String, Sendable, CaseIterable {
    case admin
    case write
    case plan
    case read
    /// What the row's own flags say.
    case custom

    /// Unknown roles grant nothing; a missing one is `custom`, as rows from before there were roles.
    init?(stored: String?) {
        guard let stored, stored.isEmpty == false else {
            self = .custom
            return
        }
        self.init(rawValue: stored.lowercased())
    }

    func permissions(flags: Set<Permission>) -> Set<Permission> {
        switch self {
        case .admin: Set(Permission.allCases)
        case .write: [.manageWorkspace, .manageState, .planJob, .approveJob]
        case .plan: [.planJob]
        case .read: []
        case .custom: flags
        }
    }
}
