import Database

/// The roles that a group can have at a level, and what each one grants: the whole table of permissions.
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

    package func permissions(at level: AccessLevel, flags: Set<Permission>) -> Set<Permission> {
        let granted: Set<Permission> =
            switch self {
            case .admin: Set(Permission.allCases)
            case .write: [.manageWorkspace, .manageState, .planJob, .approveJob]
            case .plan: [.planJob]
            case .read: []
            case .custom: flags
            }
        // Who manages all workspaces of an organization manages its projects too (api.md §1.3).
        let isProjectManager = level == .organization && granted.contains(.manageWorkspace)
        return granted.union(isProjectManager ? [.manageProject] : []).intersection(level.permissions)
    }

    /// The condition that a row of access grants a permission, as `permissions(at:flags:)` says in memory.
    ///
    /// - Parameter permission: One that has a flag, or that follows from one.
    static func grants(_ permission: Permission, at level: AccessLevel) -> SQL {
        let roles = allCases.filter { $0 != .custom && $0.permissions(at: level, flags: []).contains(permission) }
        let flags = Permission.allCases.filter { custom.permissions(at: level, flags: [$0]).contains(permission) }.compactMap(\.column)
        let byRole: SQL = "team_access.role IN \(list: roles.map(\.rawValue))"
        return .any([byRole] + flags.map { "(team_access.role = 'custom' AND team_access.\(identifier: $0))" })
    }
}
