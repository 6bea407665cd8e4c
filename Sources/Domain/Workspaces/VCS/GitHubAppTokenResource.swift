import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a token of a GitHub App's installation. It belongs to no organization, so that only administrators
/// see that it is there; the token itself is sealed and never readable.
package struct GitHubAppTokenResource: Sendable {
    private let secrets: SealedColumns

    package init(keyring: Keyring) {
        secrets = SealedColumns(keyring: keyring, table: "github_app_token", columns: ["token"])
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "github_app_token",
            isRoot: true,
            isAudited: true,
            attributes: [
                ResourceAttribute("owner", .string(limit: 256), isRequired: true),
                ResourceAttribute("appId", .string(limit: 64), isRequired: true),
                ResourceAttribute("installationId", .string(limit: 64), isRequired: true),
                ResourceAttribute("token", .string(limit: 4096), isReadable: { _, _ in "FALSE" }),
                ResourceAttribute("expiresAt", .date),
            ],
            isReadable: { principal, _ in principal.isAdministrator ? "TRUE" : "FALSE" },
            writing: ResourceWriting(create: write, update: write, delete: Permissions.administratorRule)
        )
    }

    private func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Permissions.requireAdministrator(context.caller)
        try secrets.seal(&draft)
    }
}
