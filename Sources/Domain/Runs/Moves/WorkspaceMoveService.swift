package import Database
import Identity
import JSONAPI
package import Service
import Workspaces

/// Moves workspaces between organizations, with their variables, jobs and states.
package struct WorkspaceMoveService: Sendable {
    private let database: any SQLDatabase
    private let time: TimeSource

    package init(database: any SQLDatabase, time: TimeSource) {
        self.database = database
        self.time = time
    }

    /// A workspace that is in the organization already stays as it is, so that a client may repeat itself.
    ///
    /// - Throws: `APIError` 403 or 404 without `manageWorkspace` in both organizations; 409 while the workspace is locked,
    ///   its state is, a job is not over, or when another workspace has the name.
    package func move(workspace id: String, to organization: String, as principal: Principal) async throws {
        let now = time.now()
        try await database.write { transaction in
            let workspace = try WorkspaceAccess(transaction).readable(workspace: id, for: principal)
            // Whoever may manage only this workspace, or its project, can't take it out of the organization.
            try Permissions(transaction).require(.manageWorkspace, organization: workspace.organizationID, for: principal)
            try requireManager(principal, of: organization, in: transaction)
            guard workspace.organizationID != organization else { return }
            try requireRest(workspace, in: transaction)
            try requireFreeName(workspace.name, in: organization, transaction)
            try WorkspaceMoveStore(connection: transaction, now: now, author: principal.name)
                .move(workspace: id, from: workspace.organizationID, to: organization)
            try transaction.notify(WorkspaceEvents.changed(id))
        }
    }

    private func requireManager(_ principal: Principal, of organization: String, in connection: any SQLConnection) throws {
        let visible = try connection.row(
            "SELECT id FROM organization WHERE id = \(organization) AND \(Permissions.isMember(principal, of: "organization.id"))"
        )
        guard visible != nil else { throw APIError.notFound("There is no organization \(organization).") }
        try Permissions(connection).require(.manageWorkspace, organization: organization, for: principal)
    }

    /// What runs has the old organization's variables and writes to its addresses.
    private func requireRest(_ workspace: Workspace, in connection: any SQLConnection) throws {
        guard workspace.isLocked == false else { throw APIError.conflict("The workspace \(workspace.name) is locked.") }
        if let job = try JobStore(connection).unfinished(workspace: workspace.id).first {
            throw APIError.conflict("The job \(job.id) of the workspace \(workspace.name) is not over.")
        }
        guard try connection.row("SELECT lock_id FROM state_lock WHERE workspace_id = \(workspace.id)") == nil else {
            throw APIError.conflict("The state of the workspace \(workspace.name) is locked.")
        }
    }

    /// Deleted workspaces keep their names, too.
    private func requireFreeName(_ name: String, in organization: String, _ connection: any SQLConnection) throws {
        let other = try connection.row("SELECT id FROM workspace WHERE organization_id = \(organization) AND name = \(name)")
        guard other == nil else {
            throw APIError.conflict("A workspace named \(name) already exists in the other organization.")
        }
    }
}
