import Database
import Foundation

/// What changes when a workspace goes from one organization to another.
struct WorkspaceMoveStore {
    let connection: any SQLConnection
    let now: Date
    let author: String

    /// - Throws: `DatabaseError` when the name is taken.
    func move(workspace: String, from old: String, to new: String) throws {
        try moveWorkspace(workspace, to: new)
        try moveJobs(of: workspace, from: old, to: new)
        try moveStates(of: workspace, from: old, to: new)
        try stopSchedules(of: workspace)
        try moveNotifications(of: workspace, to: new)
        // Tags, collections and the groups that have access belong to the old organization, too, and so do the connection
        // and the templates of a webhook.
        for table in ["workspacetag", "reference", "team_access", "webhook"] {
            try connection.execute("DELETE FROM \(identifier: table) WHERE workspace_id = \(workspace)")
        }
    }

    /// Whatever belongs to the old organization stays there: connections, keys, templates.
    private func moveWorkspace(_ workspace: String, to organization: String) throws {
        try connection.execute(
            """
            UPDATE workspace SET organization_id = \(organization), project_id = NULL, agent_id = NULL, vcs_id = NULL,
                ssh_id = NULL, module_ssh_key = NULL,
                default_template = NULL, shared_ids = NULL, updated_date = \(now), updated_by = \(author)
            WHERE id = \(workspace)
            """
        )
    }

    /// Plans stay where they are stored, as `job.storage_organization_id` says; addresses follow the workspace.
    private func moveJobs(of workspace: String, from old: String, to new: String) throws {
        let (oldPath, newPath) = (Self.path(old), Self.path(new))
        try connection.execute(
            """
            UPDATE job SET organization_id = \(new), template_reference = NULL,
                terraform_plan = REPLACE(terraform_plan, \(oldPath), \(newPath))
            WHERE workspace_id = \(workspace)
            """
        )
        try connection.execute(
            """
            UPDATE step SET output = REPLACE(output, \(oldPath), \(newPath))
            WHERE job_id IN (SELECT id FROM job WHERE workspace_id = \(workspace))
            """
        )
    }

    private func moveStates(of workspace: String, from old: String, to new: String) throws {
        try connection.execute(
            "UPDATE history SET output = REPLACE(output, \(Self.path(old)), \(Self.path(new))) WHERE workspace_id = \(workspace)"
        )
    }

    /// They run templates of the old organization. One is enabled again with a template of the new one.
    private func stopSchedules(of workspace: String) throws {
        try connection.execute(
            """
            UPDATE schedule SET enabled = FALSE, next_fire = NULL, template_reference = NULL
            WHERE workspace_id = \(workspace) AND template_reference IS NOT NULL
            """
        )
    }

    /// They come along, as variables do. One for certain templates is switched off: without them it would be for all.
    private func moveNotifications(of workspace: String, to organization: String) throws {
        let own: SQL = "SELECT id FROM notification_configuration WHERE workspace_id = \(workspace)"
        try connection.execute(
            """
            UPDATE notification_configuration SET active = FALSE WHERE workspace_id = \(workspace)
            AND id IN (SELECT configuration_id FROM notification_configuration_template)
            """
        )
        try connection.execute("DELETE FROM notification_configuration_template WHERE configuration_id IN (\(own))")
        try connection.execute(
            "UPDATE notification_configuration SET organization_id = \(organization) WHERE workspace_id = \(workspace)"
        )
    }

    /// As the addresses of plans, logs and states have it.
    private static func path(_ organization: String) -> String {
        "/organization/\(organization)/"
    }
}
