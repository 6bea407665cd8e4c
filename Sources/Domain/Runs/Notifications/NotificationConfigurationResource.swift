import Database
import Identity
package import JSONAPI
package import Service
import Workspaces

/// The native shape of a notification: where a message goes when a job reaches one of the statuses of its triggers.
/// Without a workspace it is for all of the organization's; without templates it is for jobs of any.
///
/// The destination of a chat is a secret address: only those who may write the row read it.
package struct NotificationConfigurationResource: Sendable {
    private let secrets: SealedColumns
    private let allowsPrivateAddresses: Bool

    /// - Parameter allowsPrivateAddresses: Whether messages may go to what is not on the public internet.
    package init(keyring: Keyring, allowsPrivateAddresses: Bool) {
        self.allowsPrivateAddresses = allowsPrivateAddresses
        secrets = SealedColumns(keyring: keyring, table: "notification_configuration", columns: ["signing_secret"])
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "notification_configuration",
            isRoot: true,
            isAudited: true,
            attributes: [
                ResourceAttribute("name", .string(limit: 255), isRequired: true),
                ResourceAttribute("description", .string(limit: 65_536)),
                ResourceAttribute("channelType", .enumeration(["SLACK", "TEAMS", "WEBHOOK"]), isRequired: true),
                ResourceAttribute(
                    "destinationUrl",
                    .string(limit: 2048),
                    isRequired: true,
                    isReadable: NotificationRules.isManaged
                ),
                ResourceAttribute("signingSecret", .string(limit: 255), isReadable: { _, _ in "FALSE" }),
                ResourceAttribute("active", .boolean, isRequired: true, defaultValue: true),
                ResourceAttribute("messageStyle", .enumeration(["DETAILED", "SIMPLE"]), isRequired: true, defaultValue: "DETAILED"),
            ],
            relationships: [
                .toOne("organization"),
                .toOne("workspace"),
                .toMany("triggers", "notification_trigger", column: "configuration_id"),
                .toMany(
                    "templates",
                    "template",
                    through: "notification_configuration_template",
                    column: "configuration_id",
                    targetColumn: "template_id"
                ),
            ],
            isReadable: NotificationRules.isReadable,
            writing: ResourceWriting(
                create: { draft, context in
                    try NotificationRules.place(&draft, in: context)
                    try complete(&draft, in: context)
                },
                update: { draft, context in
                    try draft.requireSamePlace("organization", "workspace")
                    try NotificationRules.requireManager(of: draft, in: context)
                    try complete(&draft, in: context)
                },
                delete: { draft, context in try NotificationRules.requireManager(of: draft, in: context) }
            )
        )
    }

    private func complete(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try NotificationRules.requireOwnTemplates(of: draft, in: context.transaction)
        try draft.requireOutgoingURL("destinationUrl", allowsPrivateAddresses: allowsPrivateAddresses)
        // An empty secret signs nothing.
        if draft.columns["signing_secret"] == .text("") { draft.columns["signing_secret"] = .null }
        try secrets.seal(&draft)
    }
}
