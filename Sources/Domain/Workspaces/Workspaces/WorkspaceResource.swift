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
    private let rules = WorkspaceRules()

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
                .toOne("project"),
                .toOne("agent"),
                .toMany("access", column: "workspace_id"),
                .toMany("reference", column: "workspace_id"),
                .toMany("variable", column: "workspace_id"),
                .toMany("history", column: "workspace_id", isListedOnDemand: true),
                .toMany("job", column: "workspace_id", isListedOnDemand: true),
                .toMany("schedule", column: "workspace_id"),
                .toMany("workspaceTag", "workspacetag", column: "workspace_id"),
                .toOneInverse("webhook", column: "workspace_id"),
                .toMany("notificationConfiguration", "notification_configuration", column: "workspace_id"),
            ],
            exists: { row in "NOT \(row["deleted"])" },
            isReadable: WorkspaceAccess.isVisible,
            writing: ResourceWriting(
                create: { draft, context in try rules.prepare(&draft, in: context) },
                update: { draft, context in try rules.amend(draft, in: context) },
                updated: { draft, context in
                    if draft.changes("locked") || draft.changes("deleted") {
                        try context.transaction.notify(WorkspaceEvents.changed(draft.id))
                    }
                },
                delete: { draft, context in
                    try Permissions.rule(.manageWorkspace)(&draft, context)
                    try hooks.willDelete(draft.id, context)
                }
            )
        )
    }
}
