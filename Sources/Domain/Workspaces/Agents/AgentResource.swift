import Database
import Foundation
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
        let text: String = try draft.value("url") ?? ""
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false, url.user() == nil else {
            throw APIError.invalid(attribute: "url", "The url must be an http or https address, without a user name in it.")
        }
    }
}
