import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a connection to a version control system. Its secrets are sealed and never readable.
package struct VCSResource: Sendable {
    private let rules: VCSRules

    package init(keyring: Keyring) {
        rules = VCSRules(keyring: keyring)
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "vcs",
            isAudited: true,
            attributes: [
                ResourceAttribute("name", .string(limit: 64), isRequired: true),
                ResourceAttribute("description", .string(limit: 264), isRequired: true),
                ResourceAttribute("vcsType", .enumeration(VCSType.allCases.map(\.rawValue)), isRequired: true),
                ResourceAttribute("connectionType", .enumeration(["OAUTH", "STANDALONE"]), isRequired: true, defaultValue: "OAUTH"),
                ResourceAttribute("clientId", .string(limit: 64)),
                // The secrets of Azure DevOps' apps are JWTs.
                ResourceAttribute("clientSecret", .string(limit: 4096), isReadable: { _, _ in "FALSE" }),
                ResourceAttribute("privateKey", .string(limit: 4098), isReadable: { _, _ in "FALSE" }),
                ResourceAttribute("accessToken", .string(limit: 4096), isReadable: { _, _ in "FALSE" }),
                ResourceAttribute("callback", .string(limit: 36)),
                ResourceAttribute("endpoint", .string(limit: 128)),
                ResourceAttribute("apiUrl", .string(limit: 128)),
                ResourceAttribute("redirectUrl", .string(limit: 256)),
                ResourceAttribute(
                    "status",
                    .enumeration(VCSStatus.allCases.map(\.rawValue)),
                    defaultValue: .string(VCSStatus.pending.rawValue),
                    mutability: .ignored
                ),
                ResourceAttribute("connectedAs", .string(limit: 128), mutability: .ignored),
                ResourceAttribute("lastError", .string(limit: 512), mutability: .ignored),
            ],
            relationships: [
                .toOne("organization", isWritable: false),
                .toMany("workspace", column: "vcs_id"),
            ],
            isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
            writing: ResourceWriting(create: rules.write, update: rules.write, delete: rules.delete)
        )
    }
}
