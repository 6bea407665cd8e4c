import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a workspace. Deleted workspaces are invisible everywhere but keep their rows.
package struct WorkspaceResource: Sendable {
    /// What upper rooms do when a workspace goes; given at composition.
    package struct Hooks: Sendable {
        package typealias Hook = @Sendable (_ workspace: String, ResourceWriteContext<Principal>) throws -> Void

        let willDelete: Hook

        /// - Parameter willDelete: The workspace is about to go with all that it holds; may refuse.
        package init(willDelete: @escaping Hook) {
            self.willDelete = willDelete
        }
    }

    private let hooks: Hooks

    package init(hooks: Hooks) {
        self.hooks = hooks
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "workspace",
            isRoot: true,
            isAudited: true,
            attributes: [
                ResourceAttribute("name", .string(limit: 64), isRequired: true),
                ResourceAttribute("description", .string(limit: 512)),
                ResourceAttribute("source", .string(limit: 512), isRequired: true),
                ResourceAttribute("branch", .string(limit: 512), isRequired: true),
                ResourceAttribute("folder", .string(limit: 512), isRequired: true, defaultValue: "/"),
                ResourceAttribute("terraformVersion", .string(limit: 32), isRequired: true),
                ResourceAttribute("iacType", .string(limit: 32), isRequired: true, defaultValue: "terraform"),
                ResourceAttribute("executionMode", .enumeration(OrganizationResource.executionModes)),
                ResourceAttribute("defaultTemplate", .string(limit: 36)),
                ResourceAttribute("moduleSshKey", .string(limit: 36)),
                ResourceAttribute("allowRemoteApply", .boolean, isRequired: true, defaultValue: false),
                ResourceAttribute("globalRemoteState", .boolean, isRequired: true, defaultValue: true),
                ResourceAttribute("sharedIds", .string(limit: 1_000_000)),
                ResourceAttribute("locked", .boolean, isRequired: true, defaultValue: false),
                ResourceAttribute("lockDescription", .string(limit: 512)),
                ResourceAttribute("deleted", .boolean, isRequired: true, defaultValue: false),
                ResourceAttribute("lastJobStatus", .string(limit: 36), defaultValue: "NeverExecuted", mutability: .ignored),
                ResourceAttribute("lastJobDate", .date, mutability: .ignored),
            ],
            relationships: [
                .toOne("organization", isWritable: false),
                .toOne("vcs"),
                .toOne("ssh"),
                .toMany("variable", column: "workspace_id"),
                .toMany("history", column: "workspace_id"),
                .toMany("job", column: "workspace_id"),
                .toMany("schedule", column: "workspace_id"),
                .toMany("workspaceTag", "workspacetag", column: "workspace_id"),
            ],
            exists: { row in "NOT \(row["deleted"])" },
            isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
            writing: ResourceWriting(
                create: { draft, context in
                    try Self.manager(&draft, context)
                    try requireFreeName(of: draft, in: context.transaction)
                    try requireOwnCredentials(of: draft, in: context.transaction)
                    try takeExecutionMode(for: &draft, in: context.transaction)
                },
                update: { draft, context in
                    try Self.manager(&draft, context)
                    if draft.changes("name") { try requireFreeName(of: draft, in: context.transaction) }
                    try requireOwnCredentials(of: draft, in: context.transaction)
                },
                updated: { draft, context in
                    if draft.changes("locked") || draft.changes("deleted") {
                        try context.transaction.notify(WorkspaceEvents.changed(draft.id))
                    }
                },
                delete: { draft, context in
                    try Self.manager(&draft, context)
                    try hooks.willDelete(draft.id, context)
                }
            )
        )
    }

    private static let manager = Permissions.rule(.manageWorkspace)

    private func requireFreeName(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        let name: String = try draft.value("name") ?? ""
        let organization: String = try draft.value("organization_id") ?? ""
        let other = try connection.row(
            "SELECT id FROM workspace WHERE organization_id = \(organization) AND name = \(name) AND id <> \(draft.id)"
        )
        guard other == nil else {
            throw APIError.conflict(
                "A workspace named \(name) already exists in this organization.",
                pointer: "/data/attributes/name"
            )
        }
    }

    /// A VCS connection or SSH key of another organization must not be lent.
    private func requireOwnCredentials(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        let organization: String = try draft.value("organization_id") ?? ""
        for relationship in ["vcs", "ssh"] {
            guard let id: String = try draft.value("\(relationship)_id") else { continue }
            let own = try connection.row(
                "SELECT id FROM \(identifier: relationship) WHERE id = \(id) AND organization_id = \(organization)"
            )
            guard own != nil else {
                throw APIError.invalid(relationship: relationship, "There is no \(relationship) \(id) in this organization.")
            }
        }
    }

    private func takeExecutionMode(for draft: inout ResourceDraft, in connection: any SQLConnection) throws {
        guard try draft.value("execution_mode", as: String.self) == nil else { return }
        let organization: String = try draft.value("organization_id") ?? ""
        let row = try connection.row("SELECT execution_mode FROM organization WHERE id = \(organization)")
        draft.set("execution_mode", try row?.get("execution_mode", as: String.self) ?? "remote")
    }
}
