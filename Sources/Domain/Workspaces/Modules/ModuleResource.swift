import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a module of the private registry: a git repository whose tags are its versions.
package enum ModuleResource {
    private static let manager = Permissions.rule(.manageModule)

    package static let schema = ResourceSchema<Principal>(
        type: "module",
        isAudited: true,
        attributes: [
            ResourceAttribute("name", .string(limit: 256), isRequired: true),
            ResourceAttribute("description", .string(limit: 256)),
            ResourceAttribute("provider", .string(limit: 64), isRequired: true),
            ResourceAttribute("source", .string(limit: 1024), isRequired: true),
            ResourceAttribute("tagPrefix", .string(limit: 256)),
            ResourceAttribute("folder", .string(limit: 256)),
            ResourceAttribute("downloadQuantity", .integer, defaultValue: 0, mutability: .ignored),
            ResourceAttribute("latestVersion", .string(limit: 64), mutability: .ignored),
            ResourceAttribute("registryPath", .string(limit: 400), expression: registryPath),
        ],
        relationships: [
            .toOne("organization", isWritable: false),
            .toOne("vcs"),
            .toOne("ssh"),
            .toMany("version", "module_version", column: "module_id"),
        ],
        ignoredAttributes: ["registryPath"],
        isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
        writing: ResourceWriting(create: write, update: write, delete: manager)
    )

    /// `organization/name/provider`, as the `source` of a module call names it after the host.
    @Sendable
    private static func registryPath(_ row: SQLTable) -> SQL {
        """
        (SELECT organization.name FROM organization WHERE organization.id = \(row["organization_id"]))
        || '/' || \(row["name"]) || '/' || \(row["provider"])
        """
    }

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try manager(&draft, context)
        let provider: String = try draft.value("provider") ?? ""
        guard provider.wholeMatch(of: /[A-Za-z0-9]{1,64}/) != nil else {
            throw APIError.invalid(attribute: "provider", "provider must be 1 to 64 letters and digits, such as aws.")
        }
        try requireFreeName(of: draft, in: context.transaction)
        try requireOwnCredentials(of: draft, in: context.transaction)
    }

    private static func requireFreeName(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        let name: String = try draft.value("name") ?? ""
        let provider: String = try draft.value("provider") ?? ""
        let organization: String = try draft.value("organization_id") ?? ""
        let other = try connection.row(
            """
            SELECT id FROM module WHERE organization_id = \(organization) AND name = \(name) AND provider = \(provider)
            AND id <> \(draft.id)
            """
        )
        guard other == nil else {
            throw APIError.conflict(
                "A module named \(name) for the provider \(provider) already exists in this organization.",
                pointer: "/data/attributes/name"
            )
        }
    }

    /// A VCS connection or SSH key of another organization must not be lent.
    private static func requireOwnCredentials(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        let organization: String = try draft.value("organization_id") ?? ""
        for relationship in ["vcs", "ssh"] where draft.changes("\(relationship)_id") {
            guard let id: String = try draft.value("\(relationship)_id") else { continue }
            let own = try connection.row(
                "SELECT id FROM \(identifier: relationship) WHERE id = \(id) AND organization_id = \(organization)"
            )
            guard own != nil else {
                throw APIError.invalid(relationship: relationship, "There is no such \(relationship) in this organization.")
            }
        }
    }
}
