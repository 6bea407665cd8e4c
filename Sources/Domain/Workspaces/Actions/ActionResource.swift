import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of an action: something that pages may offer beside a workspace or one of its resources.
///
/// In Terrakube the attribute `action` is JavaScript that every user's browser runs. Here it is text that is kept and
/// given back; the rows that a new database has (`DefaultActions`) hold links.
package enum ActionResource {
    package static let schema = ResourceSchema<Principal>(
        type: "action",
        identity: .fromClient,
        isRoot: true,
        isAudited: true,
        attributes: [
            ResourceAttribute(
                "type",
                .enumeration(["Workspace/Action", "Workspace/ResourceDrawer/Action", "Workspace/ResourceDrawer/Tab"]),
                isRequired: true
            ),
            ResourceAttribute("action", .string(limit: 1_000_000), isRequired: true),
            ResourceAttribute("displayCriteria", .string(limit: 1_000_000), isRequired: true),
            ResourceAttribute("name", .string(limit: 100), isRequired: true),
            ResourceAttribute("label", .string(limit: 100), isRequired: true),
            ResourceAttribute("category", .string(limit: 100), isRequired: true),
            ResourceAttribute("description", .string(limit: 1024)),
            ResourceAttribute("version", .string(limit: 32), isRequired: true),
            ResourceAttribute("active", .boolean, isRequired: true, defaultValue: false),
        ],
        // Everybody who is signed in; the run of a job has no use for them.
        isReadable: { principal, _ in principal.job == nil ? "TRUE" : "FALSE" },
        writing: ResourceWriting(create: write, update: write, delete: Permissions.administratorRule)
    )

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Permissions.requireAdministrator(context.caller)
        let criteria: String = try draft.value("display_criteria") ?? ""
        guard let list = try? JSONValue(parsing: .init(criteria.utf8)).array, list.allSatisfy({ $0.object != nil }) else {
            throw APIError.invalid(
                attribute: "displayCriteria",
                "displayCriteria must be a JSON array of objects, such as [{\"filter\": \"true\"}]."
            )
        }
    }
}
