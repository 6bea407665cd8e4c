import JSONAPI

extension ProviderCycle {
    /// The resources that belong to an organization.
    static let ofOrganization: [ProviderCycle] = [
        ProviderCycle(
            "organization",
            "organization",
            at: { _ in "organization" },
            create: { _ in
                ProviderBody(["name": "acme", "description": nil, "executionMode": "local", "disabled": false, "icon": nil])
            },
            update: { _ in
                ProviderBody([
                    "name": "acme-2", "description": "Ours", "executionMode": "remote", "disabled": false, "icon": "FaAws:#ff9900",
                ])
            },
            deletion: .patch { $0.with(["name": "acme-2_DEL_x9Zq", "disabled": true, "icon": nil]) }
        ),
        ProviderCycle(
            "organization_tag",
            "tag",
            at: { "\($0.root)/tag" },
            create: { _ in ProviderBody(["name": "prod"]) },
            update: { _ in ProviderBody(["name": "production"]) }
        ),
        ProviderCycle(
            "organization_template",
            "template",
            at: { "\($0.root)/template" },
            create: { _ in
                ProviderBody(["name": "Ours", "description": nil, "version": nil, "tcl": .string(Flows.plan.base64)])
            },
            update: { _ in
                ProviderBody(["name": "Ours", "description": "", "version": "1.0.1", "tcl": .string(Flows.planAndApply.base64)])
            }
        ),
        ProviderCycle(
            "organization_variable",
            "globalvar",
            at: { "\($0.root)/globalvar" },
            create: { _ in
                ProviderBody([
                    "key": "region", "value": "", "description": "", "category": "TERRAFORM", "sensitive": false, "hcl": false,
                ])
            },
            // On update the provider leaves `sensitive` out.
            update: { _ in ProviderBody(["key": "region", "value": "eu", "description": "Where", "category": "ENV", "hcl": true]) }
        ),
        ProviderCycle(
            "organization_variable (sensitive)",
            "globalvar",
            at: { "\($0.root)/globalvar" },
            create: { _ in
                ProviderBody([
                    "key": "password", "value": "one", "description": "", "category": "ENV", "sensitive": true, "hcl": false,
                ])
            },
            update: { _ in ProviderBody(["key": "password", "value": "two", "description": "", "category": "ENV", "hcl": false]) },
            secrets: ["value"]
        ),
        ProviderCycle(
            "team",
            "team",
            at: { "\($0.root)/team" },
            create: { _ in ProviderBody(teamFlags).with(["name": "devs", "role": nil, "planJob": true]) },
            update: { _ in ProviderBody(teamFlags).with(["name": "devs", "role": "write"]) },
            defaults: ["role": "custom"]
        ),
        ProviderCycle(
            "team (without its role)",
            "team",
            at: { "\($0.root)/team" },
            create: { _ in ProviderBody(teamFlags).with(["name": "devs", "role": "admin"]) },
            update: { _ in ProviderBody(teamFlags).with(["name": "devs", "role": nil]) },
            defaults: ["role": "custom"]
        ),
        ProviderCycle(
            "vcs",
            "vcs",
            at: { "\($0.root)/vcs" },
            create: { _ in
                ProviderBody([
                    "name": "hub", "description": "", "vcsType": "GITHUB", "connectionType": "OAUTH", "clientId": "id",
                    "clientSecret": "s3cret", "privateKey": "", "endpoint": "", "apiUrl": "", "status": "",
                ])
            },
            update: { _ in
                ProviderBody([
                    "name": "gitlab", "description": "Ours", "vcsType": "GITLAB", "connectionType": "STANDALONE", "clientId": "id",
                    "clientSecret": "s3cret", "privateKey": "", "endpoint": "https://gitlab.example.com",
                    "apiUrl": "https://gitlab.example.com/api/v4", "status": "COMPLETED",
                ])
            },
            secrets: ["clientSecret", "privateKey"],
            owned: ["status": "PENDING"]
        ),
        ProviderCycle(
            "ssh",
            "ssh",
            at: { "\($0.root)/ssh" },
            create: { _ in ProviderBody(["name": "deployment", "description": nil, "privateKey": "key", "sshType": "rsa"]) },
            update: { _ in ProviderBody(["name": "deployment", "description": "", "privateKey": "key", "sshType": "ed25519"]) },
            secrets: ["privateKey"]
        ),
        ProviderCycle(
            "module",
            "module",
            at: { "\($0.root)/module" },
            create: { estate in
                ProviderBody(
                    [
                        "name": "network", "description": "", "provider": "aws", "source": "https://git.example.com/network.git",
                        "folder": nil, "tagPrefix": nil,
                    ],
                    ["vcs": ("vcs", estate.vcs)]
                )
            },
            update: { estate in
                ProviderBody(
                    [
                        "name": "network", "description": "Networks", "provider": "google", "source": "git@git.example.com:network.git",
                        "folder": "/modules/network", "tagPrefix": "",
                    ],
                    ["vcs": ("vcs", estate.vcs), "ssh": ("ssh", estate.ssh)]
                )
            }
        ),
        ProviderCycle(
            "federated_credential",
            "federated",
            at: { _ in "federated" },
            create: { _ in ProviderBody(["name": "pipelines", "issuerUrl": "https://gitlab.example.com", "audience": "terrakube"]) },
            update: { _ in ProviderBody(["name": "deployers", "issuerUrl": "https://gitlab.example.com", "audience": "other"]) }
        ),
        ProviderCycle(
            "federated_credential_claim",
            "federated_claim",
            at: { "federated/\($0.federated)/claims" },
            create: { _ in ProviderBody(["claimKey": "repository", "claimValue": "acme/network"]) },
            update: { _ in ProviderBody(["claimKey": "ref", "claimValue": ""]) }
        ),
        ProviderCycle(
            "organization_notification_configuration",
            "notification_configuration",
            at: { "\($0.root)/notificationConfiguration" },
            root: "notification_configuration",
            create: { _ in ProviderBody(notification) },
            update: { _ in ProviderBody(notification).with(["active": false, "messageStyle": "SIMPLE", "description": "Ours"]) },
            secrets: ["signingSecret"]
        ),
    ]

    private static let teamFlags: [String: JSONValue] = [
        "manageState": false, "manageWorkspace": false, "manageModule": false, "manageProvider": false, "manageVcs": false,
        "manageTemplate": false, "manageJob": false, "manageCollection": false, "planJob": false, "approveJob": false,
    ]

    static let notification: [String: JSONValue] = [
        "name": "ops", "channelType": "WEBHOOK", "destinationUrl": "https://hooks.example.com/x", "signingSecret": "s3cret", "active": true,
        "messageStyle": "DETAILED",
    ]
}
