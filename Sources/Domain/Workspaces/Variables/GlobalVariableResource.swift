import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of an organization's variable, which every workspace of it gets.
package struct GlobalVariableResource: Sendable {
    private let sensitive: SensitiveValue

    package init(keyring: Keyring) {
        sensitive = SensitiveValue(keyring: keyring, table: "globalvar")
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "globalvar",
            attributes: [
                ResourceAttribute("key", .string(limit: 1024), isRequired: true),
                ResourceAttribute(
                    "value",
                    .string(limit: 1_000_000),
                    isRequired: true,
                    isReadable: { _, row in "NOT \(row["sensitive"])" }
                ),
                ResourceAttribute("description", .string(limit: 128)),
                ResourceAttribute("category", .enumeration(VariableResource.categories), isRequired: true),
                ResourceAttribute("sensitive", .boolean, isRequired: true, defaultValue: false),
                ResourceAttribute("hcl", .boolean, isRequired: true, defaultValue: false),
            ],
            relationships: [.toOne("organization", isWritable: false)],
            isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
            writing: ResourceWriting(
                create: write,
                update: write,
                delete: { _, context in try Permissions.requireAdministrator(context.caller) }
            )
        )
    }

    private func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Permissions.requireAdministrator(context.caller)
        try sensitive.seal(&draft)
    }
}
