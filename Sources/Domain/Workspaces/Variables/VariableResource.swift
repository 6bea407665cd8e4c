import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a workspace's variable.
package struct VariableResource: Sendable {
    static let categories = ["TERRAFORM", "ENV"]

    private let sensitive: SensitiveValue

    package init(keyring: Keyring) {
        sensitive = SensitiveValue(keyring: keyring, table: "variable")
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "variable",
            attributes: [
                ResourceAttribute("key", .string(limit: 1024), isRequired: true),
                ResourceAttribute(
                    "value",
                    .string(limit: 1_000_000),
                    isRequired: true,
                    isReadable: { _, row in "NOT \(row["sensitive"])" }
                ),
                ResourceAttribute("description", .string(limit: 512)),
                ResourceAttribute("category", .enumeration(Self.categories), isRequired: true),
                ResourceAttribute("sensitive", .boolean, isRequired: true, defaultValue: false),
                ResourceAttribute("hcl", .boolean, isRequired: true, defaultValue: false),
                ResourceAttribute("incomplete", .boolean, defaultValue: false, mutability: .ignored),
            ],
            relationships: [.toOne("workspace", isWritable: false)],
            isReadable: { principal, row in WorkspaceAccess.isReadable(principal, workspace: row["workspace_id"]) },
            writing: ResourceWriting(create: write, update: write, delete: requireManager)
        )
    }

    private func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try requireManager(&draft, in: context)
        // A stored value that is sealed does not say whether it is blank; what was known of it stays.
        let isSealed = try draft.previous?.get("sensitive") ?? false
        if isSealed == false || draft.sent.contains("value") {
            let isBlank = try draft.value("value", as: String.self)?.isEmpty ?? true
            draft.set("incomplete", try isBlank && draft.value("sensitive") ?? false)
        }
        try sensitive.seal(&draft)
    }

    private func requireManager(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        let workspace: String = try draft.value("workspace_id") ?? ""
        try WorkspaceAccess(context.transaction).require(.manageWorkspace, workspace: workspace, for: context.caller)
    }
}
