import Database
import Foundation
package import JSONAPI
package import Service
import Workspaces

/// The native shape of a schedule. What is written here counts at once: the runner wakes and looks.
package enum ScheduleResource {
    package static let schema = ResourceSchema<Principal>(
        type: "schedule",
        isAudited: true,
        attributes: [
            ResourceAttribute("cron", .string(limit: 128), isRequired: true),
            ResourceAttribute("templateReference", .string(limit: 36)),
            ResourceAttribute("tcl", .string(limit: 1_000_000)),
            ResourceAttribute("description", .string(limit: 256)),
            ResourceAttribute("enabled", .boolean, isRequired: true, defaultValue: true),
            ResourceAttribute("nextFire", .date, mutability: .ignored),
            ResourceAttribute("lastFire", .date, mutability: .ignored),
            ResourceAttribute("lastResult", .string(limit: 512), mutability: .ignored),
        ],
        relationships: [.toOne("workspace", isWritable: false)],
        ignoredAttributes: ["name"],
        isReadable: { principal, row in WorkspaceAccess.isReadable(principal, workspace: row["workspace_id"]) },
        writing: ResourceWriting(
            create: write,
            created: announce,
            update: write,
            updated: announce,
            delete: WorkspaceAccess.managerRule,
            deleted: announce
        )
    )

    private static let announce: ResourceWriting<Principal>.Consequence = { draft, context in
        try context.transaction.notify(ScheduleEvents.changed(draft.id))
    }

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try WorkspaceAccess.managerRule(&draft, context)
        // Forms send an empty text for none.
        if try draft.value("template_reference") == "" { draft.set("template_reference", String?.none) }
        let isEnabled: Bool = try draft.value("enabled") ?? true
        if draft.previous == nil || draft.changes("cron") || draft.changes("enabled") {
            let next = try nextFire(of: draft, after: context.now)
            draft.set("next_fire", isEnabled ? next : nil)
        }
        // A disabled one may have lost its template; it is enabled again with another.
        if isEnabled || draft.changes("template_reference") { try requireFlow(of: draft, in: context.transaction) }
    }

    private static func nextFire(of draft: ResourceDraft, after now: Date) throws -> Date {
        let next: Date?
        do {
            next = try CronExpression(try draft.value("cron") ?? "").next(after: now)
        } catch let error as CronError {
            throw APIError.invalid(attribute: "cron", error.message)
        }
        guard let next else { throw APIError.invalid(attribute: "cron", "The cron expression never fires again.") }
        return next
    }

    /// A template of another organization must not be lent.
    private static func requireFlow(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        guard let template: String = try draft.value("template_reference") else {
            if let tcl: String = try draft.value("tcl"), tcl.isEmpty == false { return }
            throw APIError.invalid(attribute: "templateReference", "A schedule needs a templateReference.")
        }
        let workspace: String = try draft.value("workspace_id") ?? ""
        let own = try connection.row(
            """
            SELECT template.id FROM template JOIN workspace ON workspace.organization_id = template.organization_id
            WHERE template.id = \(template) AND workspace.id = \(workspace)
            """
        )
        guard own != nil else {
            throw APIError.invalid(attribute: "templateReference", "There is no template \(template) in this organization.")
        }
    }
}
