import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a Terraform provider of the private registry.
package enum ProviderResource {
    private static let manager = Permissions.rule(.manageProvider)

    package static let schema = ResourceSchema<Principal>(
        type: "provider",
        attributes: [
            ResourceAttribute("name", .string(limit: 32), isRequired: true),
            ResourceAttribute("description", .string(limit: 256)),
            ResourceAttribute("imported", .boolean, isRequired: true, defaultValue: false),
            ResourceAttribute("registryNamespace", .string(limit: 64)),
        ],
        relationships: [
            .toOne("organization", isWritable: false),
            .toMany("version", column: "provider_id"),
        ],
        isReadable: { principal, row in Permissions.isTeamMember(principal, of: row["organization_id"]) },
        writing: ResourceWriting(create: write, update: write, delete: manager)
    )

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try manager(&draft, context)
        let name: String = try draft.value("name") ?? ""
        let organization: String = try draft.value("organization_id") ?? ""
        let other = try context.transaction.row(
            "SELECT id FROM provider WHERE organization_id = \(organization) AND name = \(name) AND id <> \(draft.id)"
        )
        guard other == nil else {
            throw APIError.conflict(
                "A provider named \(name) already exists in this organization.",
                pointer: "/data/attributes/name"
            )
        }
    }

    /// The condition that a row belongs to a provider which the principal can see.
    static func isReadable(_ principal: Principal, provider: SQL) -> SQL {
        """
        EXISTS (SELECT 1 FROM provider WHERE provider.id = \(provider)
        AND \(Permissions.isTeamMember(principal, of: "provider.organization_id")))
        """
    }

    /// The rule of what lies below a provider: whoever manages providers writes it.
    static func requireManager(ofProvider id: String?, in context: ResourceWriteContext<Principal>) throws {
        let row = try context.transaction.row("SELECT organization_id FROM provider WHERE id = \(id)")
        let organization: String = try row?.find("organization_id") ?? ""
        try Permissions(context.transaction).require(.manageProvider, organization: organization, for: context.caller)
    }
}
