import JSONAPI

extension ProviderCycle {
    /// The resources that belong to a workspace, and workspaces themselves.
    static let ofWorkspace: [ProviderCycle] = [
        ProviderCycle(
            "workspace_cli",
            "workspace",
            at: { "\($0.root)/workspace" },
            create: { _ in ProviderBody(workspace).with(["source": "empty", "branch": "remote-content"]) },
            update: { _ in
                ProviderBody(workspace).with([
                    "source": "empty", "branch": "remote-content", "executionMode": "local", "iacType": "tofu", "terraformVersion": "1.9.0",
                ])
            },
            deletion: .patch { $0.with(["name": "network_DEL_x9Zq", "deleted": true]) }
        ),
        ProviderCycle(
            "workspace_vcs",
            "workspace",
            at: { "\($0.root)/workspace" },
            create: { estate in
                ProviderBody(
                    workspace.merging(["defaultTemplate": .string(estate.template)]) { _, new in new },
                    ["vcs": ("vcs", estate.vcs)]
                ).with(["source": "https://git.example.com/network.git", "branch": "main", "folder": "/"])
            },
            update: { estate in
                ProviderBody(
                    workspace.merging(["defaultTemplate": .string(estate.template), "moduleSshKey": .string(estate.ssh)]) { _, new in new },
                    ["vcs": ("vcs", estate.vcs), "ssh": ("ssh", estate.ssh)]
                ).with([
                    "source": "git@git.example.com:network.git", "branch": "main,dev", "folder": "/network", "description": "Networks",
                    "allowRemoteApply": true,
                ])
            },
            // The provider forgets the folder there.
            deletion: .patch { $0.with(["name": "network_DEL_x9Zq", "folder": "", "deleted": true]) }
        ),
        ProviderCycle(
            "workspace_variable",
            "variable",
            at: { "\($0.own)/variable" },
            create: { _ in ProviderBody(variable) },
            update: { _ in ProviderBody(variable).with(["value": "", "category": "TERRAFORM", "hcl": true, "description": "Where"]) }
        ),
        ProviderCycle(
            "workspace_variable (sensitive)",
            "variable",
            at: { "\($0.own)/variable" },
            create: { _ in ProviderBody(variable).with(["sensitive": true]) },
            update: { _ in ProviderBody(variable).with(["sensitive": true, "value": "other"]) },
            secrets: ["value"]
        ),
        ProviderCycle(
            "workspace_tag",
            "workspacetag",
            at: { "\($0.own)/workspaceTag" },
            create: { ProviderBody(["tagId": .string($0.tag)]) },
            update: nil
        ),
        ProviderCycle(
            "workspace_webhook_v2",
            "webhook",
            at: { "\($0.root)/workspace/\($0.bareWorkspace)/webhook" },
            isNamedByClient: true,
            beside: { ["workspace": .link("workspace", $0.bareWorkspace)] },
            create: { _ in ProviderBody(["migratedV2": false]) },
            update: { _ in ProviderBody(["migratedV2": true]) }
        ),
        ProviderCycle(
            "workspace_webhook_event",
            "webhook_event",
            at: { "webhook/\($0.webhook)/events" },
            root: "webhook_event",
            isNamedByClient: true,
            operations: { "\($0.own)/webhook/\($0.webhook)/events" },
            create: { ProviderBody(event).with(["templateId": .string($0.template)]) },
            update: {
                ProviderBody(event).with([
                    "templateId": .string($0.template), "event": "PULL_REQUEST", "branch": "main,release/.*", "path": "", "priority": 3,
                    "prWorkflowEnabled": true, "prApplyEnabled": true,
                ])
            }
        ),
        ProviderCycle(
            "workspace_notification_configuration",
            "notification_configuration",
            at: { "\($0.own)/notificationConfiguration" },
            root: "notification_configuration",
            create: { _ in ProviderBody(notification).with(["channelType": "SLACK"]) },
            update: { _ in ProviderBody(notification).with(["channelType": "TEAMS", "destinationUrl": "https://teams.example.com/y"]) },
            secrets: ["signingSecret"]
        ),
    ]

    private static let workspace: [String: JSONValue] = [
        "name": "network", "description": nil, "source": "", "branch": "", "folder": "", "defaultTemplate": "", "iacType": "terraform",
        "terraformVersion": "1.11.4", "executionMode": "remote", "deleted": false, "allowRemoteApply": false,
    ]

    private static let variable: [String: JSONValue] = [
        "key": "region", "value": "eu", "description": "", "category": "ENV", "sensitive": false, "hcl": false,
    ]

    private static let event: [String: JSONValue] = [
        "event": "PUSH", "branch": "", "path": "", "priority": 0, "prWorkflowEnabled": false, "prApplyEnabled": false, "createdBy": "",
        "createdDate": "", "updatedBy": "", "updatedDate": "",
    ]
}
