package import Database
package import Foundation

/// The rows of workspaces, for what is not a plain resource.
package struct WorkspaceStore {
    private let connection: any SQLConnection

    package init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    /// A workspace that is not deleted, in an organization that is not disabled.
    package func find(id: String) throws -> Workspace? {
        try workspace(where: "workspace.id = \(id)")
    }

    package func find(organization: String, name: String) throws -> Workspace? {
        try workspace(where: "organization.name = \(organization) AND workspace.name = \(name)")
    }

    /// The organization that a workspace belongs to, deleted or not.
    package func organization(ofWorkspace id: String) throws -> String? {
        try connection.row("SELECT organization_id FROM workspace WHERE id = \(id)")?.get("organization_id")
    }

    /// What lists show of the newest job.
    package func recordJob(workspace: String, status: String, at date: Date) throws {
        try connection.execute(
            "UPDATE workspace SET last_job_status = \(status), last_job_date = \(date) WHERE id = \(workspace)"
        )
    }

    /// The workspace goes, and its name is free again.
    package func disable(id: String, at date: Date) throws {
        try connection.execute(
            """
            UPDATE workspace SET deleted = TRUE, name = \("DELETED_" + id), updated_date = \(date) WHERE id = \(id) AND NOT deleted
            """
        )
    }

    /// Every workspace of an organization goes with it.
    ///
    /// - Returns: The workspaces that went.
    package func deleteAll(organization: String) throws -> [String] {
        try connection.rows(
            "UPDATE workspace SET deleted = TRUE WHERE organization_id = \(organization) AND NOT deleted RETURNING id"
        ).map { try $0.get("id") }
    }

    private func workspace(where condition: SQL) throws -> Workspace? {
        try connection.row(
            """
            SELECT workspace.*, organization.name AS organization_name
            FROM workspace JOIN organization ON organization.id = workspace.organization_id
            WHERE \(condition) AND NOT workspace.deleted AND NOT organization.disabled
            """
        ).map { row in
            Workspace(
                id: try row.get("id"),
                name: try row.get("name"),
                organizationID: try row.get("organization_id"),
                organizationName: try row.get("organization_name"),
                projectID: try row.find("project_id"),
                vcsID: try row.find("vcs_id"),
                source: try row.get("source"),
                branch: try row.get("branch"),
                folder: try row.get("folder"),
                terraformVersion: try row.get("terraform_version"),
                iacType: try row.get("iac_type"),
                isLocked: try row.get("locked")
            )
        }
    }
}
