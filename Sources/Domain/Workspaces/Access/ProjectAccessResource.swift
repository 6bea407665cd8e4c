import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a group's access to one project.
package enum ProjectAccessResource {
    package static let schema = ResourceSchema<Principal>(
        type: "project_access",
        table: AccessAttributes.table,
        attributes: AccessAttributes.attributes(nameLimit: 256, flags: AccessAttributes.limitedFlags),
        relationships: [.toOne("project", isWritable: false)],
        exists: { row in "\(row["project_id"]) IS NOT NULL" },
        isReadable: { principal, row in
            .any([
                Permissions.isGranted(.manageProject, to: principal, in: row["organization_id"]),
                Permissions.hasAccess(principal, at: .project, to: row["project_id"], granting: .manageProject),
            ])
        },
        writing: ResourceWriting(create: write, update: write, delete: manager)
    )

    @Sendable
    private static func manager(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        let project: String = try draft.value("project_id") ?? ""
        try ProjectAccess(context.transaction).requireManager(project: project, for: context.caller)
    }

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try manager(&draft, in: context)
        try AccessAttributes.requireName(of: draft)
        try AccessAttributes.normaliseRole(of: &draft)
        let project: String = try draft.value("project_id") ?? ""
        draft.set("organization_id", try ProjectAccess(context.transaction).organization(of: project))
    }
}
