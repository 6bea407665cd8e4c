import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a workspace's variable.
package struct VariableResource: Sendable {
    private let sensitive: SensitiveValue

    package init(keyring: Keyring) {
        sensitive = SensitiveValue(keyring: keyring, table: "variable")
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "variable",
            attributes: SensitiveValue.attributes(descriptionLimit: 512) + [
                ResourceAttribute("incomplete", .boolean, defaultValue: false, mutability: .ignored)
            ],
            relationships: [.toOne("workspace", isWritable: false)],
            isReadable: { principal, row in WorkspaceAccess.isReadable(principal, workspace: row["workspace_id"]) },
            writing: ResourceWriting(create: write, update: write, delete: WorkspaceAccess.managerRule)
        )
    }

    private func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try WorkspaceAccess.managerRule(&draft, context)
        // A stored value that is sealed does not say whether it is blank; what was known of it stays.
        let isSealed = try draft.previous?.get("sensitive") ?? false
        if isSealed == false || draft.sent.contains("value") {
            let isBlank = try draft.value("value", as: String.self)?.isEmpty ?? true
            draft.set("incomplete", try isBlank && draft.value("sensitive") ?? false)
        }
        try sensitive.seal(&draft)
    }
}
