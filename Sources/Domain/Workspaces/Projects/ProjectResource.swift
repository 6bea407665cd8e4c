import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a project: workspaces that only some people of the organization see.
package enum ProjectResource {
    private static let manager = Permissions.rule(.manageWorkspace)

    package static let schema = ResourceSchema<Principal>(
        type: "project",
        isRoot: true,
        isAudited: true,
        attributes: [
            ResourceAttribute("name", .string(limit: 256), isRequired: true),
            ResourceAttribute("description", .string(limit: 256)),
        ],
        relationships: [
            .toOne("organization", isWritable: false),
            .toMany("projectAccess", "project_access", column: "project_id"),
        ],
        isReadable: isReadable,
        writing: ResourceWriting(
            create: { draft, context in
                try manager(&draft, context)
                try requireFreeName(of: draft, in: context.transaction)
            },
            update: { draft, context in
                try ProjectAccess(context.transaction).requireManager(project: draft.id, for: context.caller)
                if draft.changes("name") { try requireFreeName(of: draft, in: context.transaction) }
            },
            delete: { draft, context in
                try manager(&draft, context)
                try release(draft.id, in: context.transaction)
            }
        )
    )

    @Sendable
    private static func isReadable(_ principal: Principal, _ row: SQLTable) -> SQL {
        let organization = row["organization_id"]
        return .all([
            Permissions.isMember(principal, of: organization),
            .any([
                Permissions.isGranted(.manageWorkspace, to: principal, in: organization),
                Permissions.hasAccess(principal, at: .project, to: row["id"]),
            ]),
        ])
    }

    private static func requireFreeName(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        let name: String = try draft.value("name") ?? ""
        let organization: String = try draft.value("organization_id") ?? ""
        let other = try connection.row(
            "SELECT id FROM project WHERE organization_id = \(organization) AND name = \(name) AND id <> \(draft.id)"
        )
        guard other == nil else {
            throw APIError.conflict("A project named \(name) already exists in this organization.", pointer: "/data/attributes/name")
        }
    }

    /// Lets go of the workspaces that are deleted already.
    ///
    /// - Throws: `APIError` 409 while there are others: without their project, everybody in the organization would see
    ///   them.
    private static func release(_ project: String, in transaction: any SQLTransaction) throws {
        let used =
            try transaction.row(
                "SELECT COUNT(*) AS count FROM workspace WHERE project_id = \(project) AND NOT deleted"
            )?.get("count", as: Int.self) ?? 0
        guard used == 0 else {
            throw APIError.conflict("The project still has workspaces (\(used)): move or delete them first.")
        }
        try transaction.execute("UPDATE workspace SET project_id = NULL WHERE project_id = \(project)")
    }
}
