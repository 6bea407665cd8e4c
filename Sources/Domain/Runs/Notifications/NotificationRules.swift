import Database
import Identity
import JSONAPI
import Service
import Workspaces

/// Who reads and writes notifications, and what they may refer to.
enum NotificationRules {
    // MARK: Conditions

    /// Whoever sees the workspace, or for a row without one, whoever is a member of the organization.
    @Sendable
    static func isReadable(_ principal: Principal, _ row: SQLTable) -> SQL {
        .any([
            .all(["\(row["workspace_id"]) IS NULL", Permissions.isMember(principal, of: row["organization_id"])]),
            WorkspaceAccess.isReadable(principal, workspace: row["workspace_id"]),
        ])
    }

    /// Whoever manages the workspace, or for a row without one, the workspaces of the organization.
    @Sendable
    static func isManaged(_ principal: Principal, _ row: SQLTable) -> SQL {
        .any([
            .all([
                "\(row["workspace_id"]) IS NULL",
                Permissions.isGranted(.manageWorkspace, to: principal, in: row["organization_id"]),
            ]),
            WorkspaceAccess.isManaged(by: principal, workspace: row["workspace_id"]),
        ])
    }

    // MARK: Writing

    /// Authorises a new row and completes its place: a workspace says which organization it is.
    ///
    /// - Throws: `APIError` 400 when there is neither, or when the two do not belong together.
    static func place(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        let organization: String? = try draft.value("organization_id")
        let workspace: String? = try draft.value("workspace_id")
        let owner = try workspace.flatMap { try WorkspaceStore(context.transaction).organization(ofWorkspace: $0) } ?? organization
        guard let owner else { throw APIError.invalid(relationship: "organization", "organization is required.") }
        guard organization == nil || organization == owner else {
            throw APIError.invalid(relationship: "workspace", "There is no such workspace in this organization.")
        }
        draft.set("organization_id", owner)
        try requireManager(organization: owner, workspace: workspace, in: context)
    }

    static func requireManager(of draft: ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try requireManager(organization: try draft.value("organization_id") ?? "", workspace: try draft.value("workspace_id"), in: context)
    }

    static func requireManager(organization: String, workspace: String?, in context: ResourceWriteContext<Principal>) throws {
        guard let workspace else {
            try Permissions(context.transaction).require(.manageWorkspace, organization: organization, for: context.caller)
            return
        }
        try WorkspaceAccess(context.transaction).require(.manageWorkspace, workspace: workspace, for: context.caller)
    }

    /// - Throws: `APIError` 400 unless all templates that are linked belong to the organization.
    static func requireOwnTemplates(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        guard let templates = draft.links["templates"], templates.isEmpty == false else { return }
        let organization: String = try draft.value("organization_id") ?? ""
        let own = try connection.rows(
            "SELECT id FROM template WHERE organization_id = \(organization) AND id IN \(list: templates.sorted())"
        )
        guard own.count == templates.count else {
            throw APIError.invalid(relationship: "templates", "A template is none of the organization's.")
        }
    }
}
