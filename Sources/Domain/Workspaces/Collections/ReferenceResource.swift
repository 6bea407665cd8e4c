import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a workspace's use of a collection.
package enum ReferenceResource {
    package static let schema = ResourceSchema<Principal>(
        type: "reference",
        isRoot: true,
        attributes: [ResourceAttribute("description", .string(limit: 512))],
        relationships: [.toOne("collection", isRequired: true), .toOne("workspace", isRequired: true)],
        isReadable: { principal, row in WorkspaceAccess.isReadable(principal, workspace: row["workspace_id"]) },
        writing: ResourceWriting(
            create: write,
            update: write,
            delete: { draft, context in try CollectionResource.requireManager(of: draft, in: context) }
        )
    )

    /// The collection's secrets go to the runs of the workspace: both must be of one organization.
    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        let organization = try CollectionResource.requireManager(of: draft, in: context)
        let workspace: String = try draft.value("workspace_id") ?? ""
        guard try WorkspaceStore(context.transaction).organization(ofWorkspace: workspace) == organization else {
            throw APIError.invalid(relationship: "workspace", "There is no workspace \(workspace) in the collection's organization.")
        }
        if draft.changes("collection_id"), draft.previous != nil {
            let previous = ResourceDraft(type: draft.type, id: draft.id, previous: draft.previous, columns: [:], sent: [])
            try CollectionResource.requireManager(of: previous, in: context)
        }
    }
}
