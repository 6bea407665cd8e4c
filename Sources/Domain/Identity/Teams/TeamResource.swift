import Database
package import JSONAPI
package import Service

/// The native shape of a team: a group of people and what it may do in one organization.
package enum TeamResource {
    package static let schema = ResourceSchema<Principal>(
        type: "team",
        table: AccessAttributes.table,
        attributes: AccessAttributes.attributes(nameLimit: 64, flags: flags),
        relationships: [.toOne("organization", isWritable: false)],
        exists: { row in "\(row["project_id"]) IS NULL AND \(row["workspace_id"]) IS NULL" },
        isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
        writing: ResourceWriting(create: write, update: write, delete: Permissions.administratorRule)
    )

    private static let flags = [
        "manageState", "manageCollection", "manageJob", "manageWorkspace", "manageModule", "manageProvider", "manageVcs",
        "manageTemplate", "planJob", "approveJob",
    ]

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Permissions.requireAdministrator(context.caller)
        try AccessAttributes.requireName(of: draft)
        try AccessAttributes.normaliseRole(of: &draft)
    }
}
