import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a connection to a version control system. Its secrets are sealed and never readable.
package struct VCSResource: Sendable {
    private static let manager = Permissions.rule(.manageVcs)
    private static let secrets = ["client_secret", "private_key", "access_token"]

    private let secrets: SealedColumns

    package init(keyring: Keyring) {
        secrets = SealedColumns(keyring: keyring, table: "vcs", columns: Self.secrets)
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "vcs",
            isAudited: true,
            attributes: [
                ResourceAttribute("name", .string(limit: 64), isRequired: true),
                ResourceAttribute("description", .string(limit: 264), isRequired: true),
                ResourceAttribute(
                    "vcsType",
                    .enumeration(["GITHUB", "GITLAB", "BITBUCKET", "AZURE_DEVOPS", "AZURE_SP_MI", "PUBLIC"]),
                    isRequired: true
                ),
                ResourceAttribute("connectionType", .enumeration(["OAUTH", "STANDALONE"]), isRequired: true, defaultValue: "OAUTH"),
                ResourceAttribute("clientId", .string(limit: 64)),
                ResourceAttribute("clientSecret", .string(limit: 512), isReadable: { _, _ in "FALSE" }),
                ResourceAttribute("privateKey", .string(limit: 4098), isReadable: { _, _ in "FALSE" }),
                ResourceAttribute("accessToken", .string(limit: 4096), isReadable: { _, _ in "FALSE" }),
                ResourceAttribute("callback", .string(limit: 36)),
                ResourceAttribute("endpoint", .string(limit: 128)),
                ResourceAttribute("apiUrl", .string(limit: 128)),
                ResourceAttribute("redirectUrl", .string(limit: 256)),
                ResourceAttribute(
                    "status",
                    .enumeration(["PENDING", "COMPLETED", "ERROR"]),
                    defaultValue: "PENDING",
                    mutability: .ignored
                ),
            ],
            relationships: [
                .toOne("organization", isWritable: false),
                .toMany("workspace", column: "vcs_id"),
            ],
            isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
            writing: ResourceWriting(create: write, update: write, delete: Self.manager)
        )
    }

    private func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Self.manager(&draft, context)
        try secrets.seal(&draft)
    }
}
