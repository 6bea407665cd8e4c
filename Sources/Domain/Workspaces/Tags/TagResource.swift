import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a tag, and of its use on a workspace.
package enum TagResource {
    private static let manager = Permissions.rule(.manageWorkspace)

    package static let schema = ResourceSchema<Principal>(
        type: "tag",
        isAudited: true,
        attributes: [ResourceAttribute("name", .string(limit: 64), isRequired: true)],
        relationships: [.toOne("organization", isWritable: false)],
        isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
        writing: ResourceWriting(create: manager, update: manager, delete: manager)
    )

    /// `tagId` is a plain attribute on the wire.
    package static let workspaceTagSchema = ResourceSchema<Principal>(
        type: "workspacetag",
        isAudited: true,
        attributes: [ResourceAttribute("tagId", .string(limit: 36), isRequired: true)],
        relationships: [.toOne("workspace", isWritable: false)],
        isReadable: { principal, row in WorkspaceAccess.isReadable(principal, workspace: row["workspace_id"]) },
        writing: ResourceWriting(create: requireOwnTag, update: requireOwnTag, delete: WorkspaceAccess.managerRule)
    )

    @Sendable
    private static func requireOwnTag(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try WorkspaceAccess.managerRule(&draft, context)
        let tag: String = try draft.value("tag_id") ?? ""
        let workspace: String = try draft.value("workspace_id") ?? ""
        let own = try context.transaction.row(
            """
            SELECT tag.id FROM tag JOIN workspace ON workspace.organization_id = tag.organization_id
            WHERE tag.id = \(tag) AND workspace.id = \(workspace)
            """
        )
        guard own != nil else { throw APIError.invalid(attribute: "tagId", "There is no tag \(tag) in this organization.") }
    }
}
