import Database
import Identity
import JSONAPI
import Service

/// Who writes workspaces, and what a workspace may refer to.
struct WorkspaceRules: Sendable {
    /// Completes a new workspace.
    ///
    /// - Throws: `APIError` 403 unless the caller manages the organization's workspaces or those of the project.
    func prepare(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try requireManager(of: try target(of: draft), in: context)
        try requireFreeName(of: draft, in: context.transaction)
        try requireOwnReferences(of: draft, in: context.transaction)
        try takeExecutionMode(for: &draft, in: context.transaction)
    }

    /// - Throws: `APIError` 403 unless the caller manages the workspace, and, when it moves, the place where it goes:
    ///   what a project hides must not come out by moving.
    func amend(_ draft: ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try requireManager(of: try WorkspaceAccess(context.transaction).scope(workspace: draft.id), in: context)
        if draft.changes("project_id") { try requireManager(of: try target(of: draft), in: context) }
        if draft.changes("name") { try requireFreeName(of: draft, in: context.transaction) }
        try requireOwnReferences(of: draft, in: context.transaction)
    }

    private func requireManager(of scope: AccessScope, in context: ResourceWriteContext<Principal>) throws {
        try Permissions(context.transaction).require(.manageWorkspace, in: scope, for: context.caller)
    }

    /// Where the workspace will lie.
    private func target(of draft: ResourceDraft) throws -> AccessScope {
        AccessScope(organization: try draft.value("organization_id") ?? "", project: try draft.value("project_id"))
    }

    private func requireFreeName(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        let name: String = try draft.value("name") ?? ""
        let organization: String = try draft.value("organization_id") ?? ""
        let other = try connection.row(
            "SELECT id FROM workspace WHERE organization_id = \(organization) AND name = \(name) AND id <> \(draft.id)"
        )
        guard other == nil else {
            throw APIError.conflict(
                "A workspace named \(name) already exists in this organization.",
                pointer: "/data/attributes/name"
            )
        }
    }

    /// What belongs to another organization must not be lent, and its names must not be learned.
    private func requireOwnReferences(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        let organization: String = try draft.value("organization_id") ?? ""
        func isOwn(_ table: String, column: String) throws -> Bool {
            guard draft.changes(column), let id: String = try draft.value(column), id.isEmpty == false else { return true }
            return try connection.row(
                "SELECT id FROM \(identifier: table) WHERE id = \(id) AND organization_id = \(organization)"
            ) != nil
        }
        for relationship in ["vcs", "ssh", "project", "agent"] where try isOwn(relationship, column: "\(relationship)_id") == false {
            throw APIError.invalid(relationship: relationship, "There is no such \(relationship) in this organization.")
        }
        guard try isOwn("ssh", column: "module_ssh_key") else {
            throw APIError.invalid(attribute: "moduleSshKey", "There is no such SSH key in this organization.")
        }
        guard try isOwn("template", column: "default_template") else {
            throw APIError.invalid(attribute: "defaultTemplate", "There is no such template in this organization.")
        }
    }

    private func takeExecutionMode(for draft: inout ResourceDraft, in connection: any SQLConnection) throws {
        guard try draft.value("execution_mode", as: String.self) == nil else { return }
        let organization: String = try draft.value("organization_id") ?? ""
        let row = try connection.row("SELECT execution_mode FROM organization WHERE id = \(organization)")
        draft.set("execution_mode", try row?.get("execution_mode", as: String.self) ?? "remote")
    }
}
