import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of an SSH key. The key itself is sealed and never readable.
package struct SSHKeyResource: Sendable {
    private static let manager = Permissions.rule(.manageVcs)

    private let secrets: SealedColumns

    package init(keyring: Keyring) {
        secrets = SealedColumns(keyring: keyring, table: "ssh", columns: ["private_key"])
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "ssh",
            isAudited: true,
            attributes: [
                ResourceAttribute("name", .string(limit: 64), isRequired: true),
                ResourceAttribute("description", .string(limit: 64)),
                ResourceAttribute("privateKey", .string(limit: 16_384), isRequired: true, isReadable: { _, _ in "FALSE" }),
                ResourceAttribute("sshType", .enumeration(["rsa", "ed25519"]), isRequired: true),
            ],
            relationships: [
                .toOne("organization", isWritable: false),
                .toMany("workspace", column: "ssh_id"),
            ],
            isReadable: { principal, row in Permissions.isTeamMember(principal, of: row["organization_id"]) },
            writing: ResourceWriting(create: write, update: write, delete: Self.manager)
        )
    }

    private func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Self.manager(&draft, context)
        try secrets.seal(&draft)
    }
}
