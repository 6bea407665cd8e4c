import Database
import Identity
package import JSONAPI
package import Service
import Workspaces

/// The native shape of a notification's trigger: a status that a job may reach.
package enum NotificationTriggerResource {
    package static let schema = ResourceSchema<Principal>(
        type: "notification_trigger",
        isRoot: true,
        attributes: [ResourceAttribute("jobStatus", .enumeration(JobStatus.allCases.map(\.rawValue)), isRequired: true)],
        relationships: [.toOne("configuration", "notification_configuration", isRequired: true)],
        isReadable: { principal, row in
            """
            EXISTS (SELECT 1 FROM notification_configuration WHERE notification_configuration.id = \(row["configuration_id"])
            AND \(NotificationRules.isReadable(principal, SQLTable(alias: "notification_configuration"))))
            """
        },
        writing: ResourceWriting(
            create: { draft, context in try requireManager(of: draft, in: context) },
            update: { draft, context in
                try draft.requireSamePlace("configuration")
                try requireManager(of: draft, in: context)
            },
            delete: { draft, context in try requireManager(of: draft, in: context) }
        )
    )

    private static func requireManager(of draft: ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        let configuration: String = try draft.value("configuration_id") ?? ""
        let row = try context.transaction.row(
            "SELECT organization_id, workspace_id FROM notification_configuration WHERE id = \(configuration)"
        )
        guard let row else { throw APIError.invalid(relationship: "configuration", "There is no such notification.") }
        try NotificationRules.requireManager(
            organization: try row.get("organization_id"),
            workspace: try row.find("workspace_id"),
            in: context
        )
    }
}
