import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a group's access to one workspace, the type `access`.
package enum WorkspaceAccessResource {
    package static let schema = ResourceSchema<Principal>(
        type: "access",
        table: AccessAttributes.table,
        attributes: AccessAttributes.attributes(nameLimit: 256, flags: AccessAttributes.limitedFlags),
        relationships: [.toOne("workspace", isWritable: false)],
        exists: { row in "\(row["workspace_id"]) IS NOT NULL" },
        isReadable: { principal, row in WorkspaceAccess.isManaged(by: principal, workspace: row["workspace_id"]) },
        writing: ResourceWriting(create: write, update: write, delete: WorkspaceAccess.managerRule)
    )

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try WorkspaceAccess.managerRule(&draft, context)
        try AccessAttributes.requireName(of: draft)
        try AccessAttributes.normaliseRole(of: &draft)
        let workspace: String = try draft.value("workspace_id") ?? ""
        draft.set("organization_id", try WorkspaceAccess(context.transaction).scope(workspace: workspace).organization)
    }
}
