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
            attributes: SensitiveValue.attributes(descriptionLimit: 128),
            relationships: [.toOne("organization", isWritable: false)],
            isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
            writing: ResourceWriting(
                create: write,
                update: write,
                delete: Permissions.administratorRule
            )
        )
    }

    private func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Permissions.requireAdministrator(context.caller)
        try sensitive.seal(&draft)
    }
}
