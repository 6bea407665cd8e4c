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
        try Permissions(connection).require(permission, organization: workspace.organizationID, for: principal)
    }

    /// The condition that a row belongs to a workspace which the principal can see.
    ///
    /// - Parameter workspace: The column that holds the workspace's id.
    package static func isReadable(_ principal: Principal, workspace: SQL) -> SQL {
        """
        EXISTS (SELECT 1 FROM workspace WHERE workspace.id = \(workspace) AND NOT workspace.deleted
        AND \(Permissions.isMember(principal, of: "workspace.organization_id")))
        """
    }

    /// - Returns: The workspace, when the principal may see it.
    /// - Throws: `APIError` 404 otherwise, whether it is hidden or missing.
    package func readable(workspace id: String, for principal: Principal) throws -> Workspace {
        let visible = Permissions.isMember(principal, of: "organization_id")
        guard
            try connection.row("SELECT id FROM workspace WHERE id = \(id) AND \(visible)") != nil,
            let workspace = try WorkspaceStore(connection).find(id: id)
        else { throw APIError.notFound("There is no workspace \(id).") }
        return workspace
    }
}

extension WorkspaceAccess {
    /// The rule that rows of a workspace are written by those who manage workspaces.
    package static let managerRule: ResourceWriting<Principal>.Rule = { draft, context in
        let workspace: String = try draft.value("workspace_id") ?? ""
        try WorkspaceAccess(context.transaction).require(.manageWorkspace, workspace: workspace, for: context.caller)
    }
}
