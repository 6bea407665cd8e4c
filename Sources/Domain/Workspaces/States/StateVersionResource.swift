import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a state version, which Terrakube calls a history. Only the state service writes it.
package enum StateVersionResource {
    package static let schema = ResourceSchema<Principal>(
        type: "history",
        isAudited: true,
        attributes: [
            ResourceAttribute("jobReference", .string(limit: 36)),
            ResourceAttribute("output", .string(limit: 1024)),
            ResourceAttribute("serial", .integer),
            ResourceAttribute("md5", .string(limit: 32)),
            ResourceAttribute("lineage", .string(limit: 64)),
        ],
        relationships: [.toOne("workspace", isWritable: false)],
        isReadable: { principal, row in WorkspaceAccess.isReadable(principal, workspace: row["workspace_id"]) }
    )
}
