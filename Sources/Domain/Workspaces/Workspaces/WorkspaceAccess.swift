package import Database
package import Identity
package import JSONAPI
package import Service

/// Checks on things inside a workspace.
package struct WorkspaceAccess {
    private let connection: any SQLConnection

    package init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    /// - Throws: `APIError` 404 when there is no such workspace or it is hidden, 403 when the permission is missing.
    package func require(_ permission: Permission, workspace id: String, for principal: Principal) throws {
        let workspace = try readable(workspace: id, for: principal)
        try Permissions(connection).require(permission, in: workspace.scope, for: principal)
    }

    /// What the principal may do in a workspace: by teams, by access to its project, by access to itself.
    ///
    /// - Throws: `APIError` 404 when there is no such workspace.
    package func granted(workspace id: String, to principal: Principal) throws -> Set<Permission> {
        try Permissions(connection).granted(in: try scope(workspace: id), to: principal)
    }

    /// Where a workspace lies, deleted or not.
    ///
    /// - Throws: `APIError` 404 when there is none.
    package func scope(workspace id: String) throws -> AccessScope {
        guard let row = try connection.row("SELECT organization_id, project_id FROM workspace WHERE id = \(id)") else {
            throw APIError.notFound("There is no workspace \(id).")
        }
        return AccessScope(organization: try row.get("organization_id"), project: try row.find("project_id"), workspace: id)
    }

    /// - Returns: The workspace, when the principal may see it.
    /// - Throws: `APIError` 404 otherwise, whether it is hidden or missing.
    package func readable(workspace id: String, for principal: Principal) throws -> Workspace {
        let visible = Self.isVisible(principal, SQLTable(alias: "workspace"))
        guard
            try connection.row("SELECT id FROM workspace WHERE id = \(id) AND \(visible)") != nil,
            let workspace = try WorkspaceStore(connection).find(id: id)
        else { throw APIError.notFound("There is no workspace \(id).") }
        return workspace
    }
}

// MARK: Conditions

extension WorkspaceAccess {
    /// The condition that the principal can see a row of `workspace`. Outside of a project it is every team member of
    /// the organization; inside, those with access to the project; and always those who manage all workspaces or have
    /// access to this one.
    package static func isVisible(_ principal: Principal, _ workspace: SQLTable) -> SQL {
        let organization = workspace["organization_id"]
        if principal.isAdministrator { return Permissions.isMember(principal, of: organization) }
        return .all([
            Permissions.isMember(principal, of: organization),
            .any([
                .all(["\(workspace["project_id"]) IS NULL", Permissions.isTeamMember(principal, of: organization)]),
                Permissions.isGranted(.manageWorkspace, to: principal, in: organization),
                Permissions.hasAccess(principal, at: .project, to: workspace["project_id"]),
                Permissions.hasAccess(principal, at: .workspace, to: workspace["id"]),
            ]),
        ])
    }

    /// The condition that a row belongs to a workspace which the principal can see.
    ///
    /// - Parameter workspace: The column that holds the workspace's id.
    package static func isReadable(_ principal: Principal, workspace: SQL) -> SQL {
        """
        EXISTS (SELECT 1 FROM workspace WHERE workspace.id = \(workspace) AND NOT workspace.deleted
        AND \(isVisible(principal, SQLTable(alias: "workspace"))))
        """
    }

    /// The condition that a row belongs to a workspace which the principal manages.
    ///
    /// - Parameter workspace: The column that holds the workspace's id.
    package static func isManaged(by principal: Principal, workspace: SQL) -> SQL {
        let granting: SQL = .any([
            Permissions.isGranted(.manageWorkspace, to: principal, in: "workspace.organization_id"),
            Permissions.hasAccess(principal, at: .project, to: "workspace.project_id", granting: .manageWorkspace),
            Permissions.hasAccess(principal, at: .workspace, to: "workspace.id", granting: .manageWorkspace),
        ])
        return """
            EXISTS (SELECT 1 FROM workspace WHERE workspace.id = \(workspace) AND NOT workspace.deleted
            AND \(Permissions.isMember(principal, of: "workspace.organization_id")) AND \(granting))
            """
    }
}

extension WorkspaceAccess {
    /// The rule that rows of a workspace are written by those who manage it.
    package static let managerRule: ResourceWriting<Principal>.Rule = { draft, context in
        let workspace: String = try draft.value("workspace_id") ?? ""
        try WorkspaceAccess(context.transaction).require(.manageWorkspace, workspace: workspace, for: context.caller)
    }
}
