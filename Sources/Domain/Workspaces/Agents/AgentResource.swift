import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a self-hosted agent: an executor elsewhere that workspaces can name.
package enum AgentResource {
    package static let schema = ResourceSchema<Principal>(
        type: "agent",
        attributes: [
            ResourceAttribute("name", .string(limit: 64), isRequired: true),
            ResourceAttribute("url", .string(limit: 256), isRequired: true),
            ResourceAttribute("description", .string(limit: 64)),
        ],
        relationships: [.toOne("organization", isWritable: false)],
        isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
        writing: ResourceWriting(create: write, update: write, delete: Permissions.administratorRule)
    )

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Permissions.requireAdministrator(context.caller)
        // An agent usually stands in a private network.
        try draft.requireOutgoingURL("url", allowsPrivateAddresses: true)
    }
}
