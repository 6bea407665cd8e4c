import Foundation
import Identity
package import JSONAPI
package import Service

/// The native shape of a workspace's webhook. `remoteHookId` is what the client says that the version control system
/// calls it. The client chooses the id.
package enum WebhookResource {
    package static let schema = ResourceSchema<Principal>(
        type: "webhook",
        identity: .fromClient,
        isRoot: true,
        isAudited: true,
        attributes: [
            ResourceAttribute("remoteHookId", .string(limit: 220)),
            ResourceAttribute("migratedV2", .boolean, column: "migrated_v2", isRequired: true, defaultValue: false),
        ],
        relationships: [
            .toOne("workspace", isRequired: true),
            .toMany("events", "webhook_event", column: "webhook_id"),
        ],
        isReadable: { principal, row in WorkspaceAccess.isReadable(principal, workspace: row["workspace_id"]) },
        writing: ResourceWriting(
            create: { draft, context in
                try WorkspaceAccess.managerRule(&draft, context)
                try requireUUID(draft)
            },
            update: { draft, context in
                try draft.requireSamePlace("workspace")
                try WorkspaceAccess.managerRule(&draft, context)
            },
            delete: WorkspaceAccess.managerRule
        )
    )

    /// The id becomes part of the address that the version control system calls: it must be nobody's guess.
    static func requireUUID(_ draft: ResourceDraft) throws(APIError) {
        guard UUID(uuidString: draft.id) != nil else {
            throw .badRequest("The id of a \(draft.type) must be a UUID.", pointer: "/data/id")
        }
    }
}
