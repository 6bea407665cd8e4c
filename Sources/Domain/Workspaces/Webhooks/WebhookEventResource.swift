import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of what a webhook does on one kind of event: the template to run when branch and path match. Among
/// the rows of a kind the lowest priority is asked first. The client chooses the id.
package enum WebhookEventResource {
    package static let schema = ResourceSchema<Principal>(
        type: "webhook_event",
        identity: .fromClient,
        isRoot: true,
        isAudited: true,
        attributes: [
            ResourceAttribute(
                "event",
                .enumeration(["PUSH", "PULL_REQUEST", "PR_COMMENT", "PING", "RELEASE", "UNKNOWN"]),
                isRequired: true
            ),
            ResourceAttribute("branch", .string(limit: 512), isRequired: true),
            ResourceAttribute("path", .string(limit: 512), isRequired: true),
            ResourceAttribute("pathType", .enumeration(["REGEX", "PATTERN"]), isRequired: true, defaultValue: "REGEX"),
            ResourceAttribute("templateId", .string(limit: 36), isRequired: true),
            ResourceAttribute("priority", .integer, isRequired: true, defaultValue: 0),
            ResourceAttribute("prWorkflowEnabled", .boolean, isRequired: true, defaultValue: false),
            ResourceAttribute("prApplyEnabled", .boolean, isRequired: true, defaultValue: false),
        ],
        relationships: [.toOne("webhook", isRequired: true)],
        isReadable: { principal, row in
            """
            EXISTS (SELECT 1 FROM webhook WHERE webhook.id = \(row["webhook_id"])
            AND \(WorkspaceAccess.isReadable(principal, workspace: "webhook.workspace_id")))
            """
        },
        writing: ResourceWriting(
            create: { draft, context in
                let workspace = try requireManager(of: draft, in: context)
                try WebhookResource.requireUUID(draft)
                try check(draft, workspace, in: context.transaction)
            },
            update: { draft, context in
                try draft.requireSamePlace("webhook")
                try check(draft, try requireManager(of: draft, in: context), in: context.transaction)
            },
            delete: { draft, context in try requireManager(of: draft, in: context) }
        )
    )

    /// - Returns: The workspace that the webhook belongs to.
    @discardableResult
    private static func requireManager(of draft: ResourceDraft, in context: ResourceWriteContext<Principal>) throws -> String {
        let webhook: String = try draft.value("webhook_id") ?? ""
        let row = try context.transaction.row("SELECT workspace_id FROM webhook WHERE id = \(webhook)")
        guard let workspace: String = try row?.find("workspace_id") else {
            throw APIError.invalid(relationship: "webhook", "There is no such webhook.")
        }
        try WorkspaceAccess(context.transaction).require(.manageWorkspace, workspace: workspace, for: context.caller)
        return workspace
    }

    private static func check(_ draft: ResourceDraft, _ workspace: String, in connection: any SQLConnection) throws {
        if draft.changes("template_id") {
            let template: String = try draft.value("template_id") ?? ""
            let own = try connection.row(
                """
                SELECT template.id FROM template JOIN workspace ON workspace.organization_id = template.organization_id
                WHERE template.id = \(template) AND workspace.id = \(workspace)
                """
            )
            guard own != nil else {
                throw APIError.invalid(attribute: "templateId", "There is no such template in the organization of the workspace.")
            }
        }
        let pathType: String? = try draft.value("path_type")
        for attribute in pathType == "PATTERN" ? ["branch"] : ["branch", "path"] {
            let patterns = WebhookPatterns(try draft.value(attribute) ?? "")
            guard let wrong = patterns.firstInvalid else { continue }
            throw APIError.invalid(attribute: attribute, "\(attribute) has a part that is no regular expression: \(wrong)")
        }
    }
}
