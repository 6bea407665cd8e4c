import JSONAPI

extension ProviderCycle {
    /// Projects, access, variable sets, agents and schedules.
    static let ofAccess: [ProviderCycle] = [
        ProviderCycle(
            "project",
            "project",
            at: { "\($0.root)/project" },
            create: { _ in ProviderBody(["name": "payments", "description": ""]) },
            update: { _ in ProviderBody(["name": "billing", "description": "Ours"]) }
        ),
        ProviderCycle(
            "project_access",
            "project_access",
            at: { "\($0.root)/project/\($0.project)/projectAccess" },
            create: { _ in ProviderBody(accessFlags).with(["name": "devs", "role": nil, "planJob": true]) },
            update: { _ in ProviderBody(accessFlags).with(["name": "devs", "role": "write"]) },
            defaults: ["role": "custom"]
        ),
        ProviderCycle(
            "workspace_access",
            "access",
            at: { "\($0.own)/access" },
            create: { _ in ProviderBody(accessFlags).with(["name": "devs", "role": "custom", "manageState": true]) },
            update: { _ in ProviderBody(accessFlags).with(["name": "devs", "role": "plan"]) }
        ),
        ProviderCycle(
            "collection",
            "collection",
            at: { "\($0.root)/collection" },
            create: { _ in ProviderBody(["name": "shared", "description": "", "priority": 10]) },
            update: { _ in ProviderBody(["name": "shared", "description": "For all", "priority": 0]) }
        ),
        ProviderCycle(
            "collection_item",
            "item",
            at: { "\($0.root)/collection/\($0.collection)/item" },
            create: { _ in ProviderBody(item) },
            update: { _ in ProviderBody(item).with(["value": "", "category": "TERRAFORM", "hcl": true]) }
        ),
        ProviderCycle(
            "collection_item (sensitive)",
            "item",
            at: { "\($0.root)/collection/\($0.collection)/item" },
            create: { _ in ProviderBody(item).with(["sensitive": true]) },
            update: { _ in ProviderBody(item).with(["sensitive": true, "value": "other"]) },
            secrets: ["value"]
        ),
        ProviderCycle(
            "collection_reference",
            "reference",
            at: { "\($0.root)/collection/\($0.collection)/reference" },
            root: "reference",
            create: { estate in
                ProviderBody(
                    ["description": ""],
                    ["collection": ("collection", estate.collection), "workspace": ("workspace", estate.workspace)]
                )
            },
            update: { estate in
                ProviderBody(
                    ["description": "Ours"],
                    ["collection": ("collection", estate.collection), "workspace": ("workspace", estate.bareWorkspace)]
                )
            }
        ),
        ProviderCycle(
            "self_hosted_agent",
            "agent",
            at: { "\($0.root)/agent" },
            create: { _ in ProviderBody(["name": "edge", "description": "", "url": "http://agent.example.com:8090"]) },
            update: { _ in ProviderBody(["name": "edge", "description": "Ours", "url": "https://agent.example.com"]) }
        ),
        ProviderCycle(
            "workspace_schedule",
            "schedule",
            at: { "workspace/\($0.workspace)/schedule" },
            create: { ProviderBody(["cron": "0 30 11 ? * MON-FRI", "templateReference": .string($0.template)]) },
            update: { ProviderBody(["cron": "0 0/30 * * * ?", "templateReference": .string($0.template)]) }
        ),
    ]

    private static let accessFlags: [String: JSONValue] = [
        "manageState": false, "manageWorkspace": false, "manageJob": false, "planJob": false, "approveJob": false,
    ]

    private static let item: [String: JSONValue] = [
        "key": "region", "value": "eu", "description": "", "category": "ENV", "sensitive": false, "hcl": false,
    ]
}
