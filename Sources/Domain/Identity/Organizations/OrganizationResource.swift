import Database
package import JSONAPI
package import Service

/// The native shape of an organization. Disabled organizations are invisible everywhere but keep their name.
package struct OrganizationResource: Sendable {
    /// What upper rooms do when an organization appears or goes; given at composition.
    package struct Hooks: Sendable {
        package typealias Hook = @Sendable (_ organization: String, ResourceWriteContext<Principal>) throws -> Void

        let created: Hook
        let disabled: Hook

        package init(created: @escaping Hook, disabled: @escaping Hook) {
            self.created = created
            self.disabled = disabled
        }
    }

    package static let executionModes = ["local", "remote"]

    private let hooks: Hooks

    package init(hooks: Hooks) {
        self.hooks = hooks
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "organization",
            isRoot: true,
            attributes: [
                ResourceAttribute("name", .string(limit: 32), isRequired: true),
                ResourceAttribute("description", .string(limit: 256)),
                ResourceAttribute("disabled", .boolean, defaultValue: false),
                ResourceAttribute("executionMode", .enumeration(Self.executionModes), isRequired: true, defaultValue: "remote"),
                ResourceAttribute("icon", .string(limit: 64)),
            ],
            relationships: [
                .toMany("agent", column: "organization_id"),
                .toMany("collection", column: "organization_id"),
                .toMany("project", column: "organization_id"),
                .toMany("workspace", column: "organization_id"),
                .toMany("job", column: "organization_id", isListedOnDemand: true),
                .toMany("team", column: "organization_id"),
                .toMany("vcs", column: "organization_id"),
                .toMany("ssh", column: "organization_id"),
                .toMany("template", column: "organization_id"),
                .toMany("globalvar", column: "organization_id"),
                .toMany("tag", column: "organization_id"),
                .toMany("module", column: "organization_id"),
                .toMany("provider", column: "organization_id"),
                .toMany("notificationConfiguration", "notification_configuration", column: "organization_id"),
            ],
            exists: { row in "NOT \(row["disabled"])" },
            isReadable: { principal, row in Permissions.isMember(principal, of: row["id"]) },
            writing: writing
        )
    }

    private var writing: ResourceWriting<Principal> {
        ResourceWriting(
            create: { draft, context in
                try Permissions.requireAdministrator(context.caller)
                try requireFreeName(of: draft, in: context.transaction)
            },
            created: { draft, context in
                try hooks.created(draft.id, context)
            },
            update: { draft, context in
                try Permissions.requireAdministrator(context.caller)
                if draft.changes("name") { try requireFreeName(of: draft, in: context.transaction) }
            },
            updated: { draft, context in
                if draft.changes("disabled"), try draft.value("disabled") ?? false { try hooks.disabled(draft.id, context) }
            },
            delete: Permissions.administratorRule
        )
    }

    private func requireFreeName(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        let name: String = try draft.value("name") ?? ""
        guard try connection.row("SELECT id FROM organization WHERE name = \(name) AND id <> \(draft.id)") == nil else {
            throw APIError.conflict("An organization named \(name) already exists.", pointer: "/data/attributes/name")
        }
    }
}
