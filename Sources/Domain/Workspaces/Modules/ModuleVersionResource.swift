import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a module's version: a commit of its repository. Whoever manages the module writes it.
package enum ModuleVersionResource {
    package static let schema = ResourceSchema<Principal>(
        type: "module_version",
        attributes: [
            ResourceAttribute("version", .string(limit: 256), isRequired: true),
            ResourceAttribute("commit", .string(limit: 256), isRequired: true),
            ResourceAttribute("gitTag", .string(limit: 256)),
        ],
        relationships: [.toOne("module", isWritable: false)],
        isReadable: { principal, row in
            """
            EXISTS (SELECT 1 FROM module WHERE module.id = \(row["module_id"])
            AND \(Permissions.isMember(principal, of: "module.organization_id")))
            """
        },
        writing: ResourceWriting(create: write, update: write, delete: requireManager)
    )

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try requireManager(&draft, in: context)
        try SemanticVersion.require(try draft.value("version"), attribute: "version")
    }

    @Sendable
    private static func requireManager(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        let module: String = try draft.value("module_id") ?? ""
        let row = try context.transaction.row("SELECT organization_id FROM module WHERE id = \(module)")
        let organization: String = try row?.find("organization_id") ?? ""
        try Permissions(context.transaction).require(.manageModule, organization: organization, for: context.caller)
    }
}
