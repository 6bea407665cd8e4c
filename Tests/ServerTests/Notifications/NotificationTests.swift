import Database
import JSONAPI
import Server
import TestSupport
import Testing

struct NotificationTests {
    private static let canary = "canary-s1gn-09bb"

    private static let slack: [String: JSONValue] = [
        "name": "ops", "channelType": "SLACK", "destinationUrl": "https://hooks.example.com/services/T0/B0/x",
    ]

    private static func slack(_ changes: [String: JSONValue]) -> [String: JSONValue] {
        slack.merging(changes) { _, new in new }
    }

    @Test("a notification is for an organization, or for the workspace that says which it is", arguments: TestEngine.allCases)
    func places(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let (owner, place) = (JSONValue.link("organization", organization), JSONValue.link("workspace", workspace))
            let root = "organization/\(organization)"
            let own = "\(root)/workspace/\(workspace)"
            let ways: [(path: String, relationships: [String: JSONValue], isOfWorkspace: Bool)] = [
                ("\(root)/notificationConfiguration", [:], false),
                ("\(root)/notificationConfiguration", ["workspace": place], true),
                ("\(own)/notificationConfiguration", [:], true),
                ("\(own)/notificationConfiguration", ["organization": owner], true),
                ("workspace/\(workspace)/notificationConfiguration", ["workspace": place], true),
                ("notification_configuration", ["organization": owner], false),
                ("notification_configuration", ["workspace": place], true),
            ]
            for (path, relationships, isOfWorkspace) in ways {
                let made = try await server.post(path, .resource("notification_configuration", Self.slack, relationships))
                #expect(made.status == 201, "\(path) \(relationships): \(made.text)")
                #expect(made.data?["relationships"]?["organization"] == owner, "\(path)")
                #expect(made.data?["relationships"]?["workspace"] == (isOfWorkspace ? place : ["data": nil]), "\(path)")
                #expect(made.attributes["active"] == true)
                #expect(made.attributes["messageStyle"] == "DETAILED")
            }
            #expect(try await server.get("\(root)/notificationConfiguration").ids.count == 7)
            #expect(try await server.get("\(own)/notificationConfiguration").ids.count == 5)
            let nowhere = try await server.post("notification_configuration", .resource("notification_configuration", Self.slack))
            #expect(nowhere.status == 400)
            #expect(nowhere.pointer == "/data/relationships/organization")
        }
    }

    @Test("a notification refers to nothing of another organization, and stays where it is", arguments: TestEngine.allCases)
    func strangers(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let other = try await server.makeOrganization("other")
            let foreignWorkspace = try await server.makeWorkspace(in: other)
            let foreignTemplate = try await server.template("Plan", in: other)
            let template = try await server.template("Plan", in: organization)
            let list = "organization/\(organization)/notificationConfiguration"
            let id = try await server.make("notification_configuration", at: list, Self.slack)
            let wrong: [(String, JSONValue)] = [
                ("workspace", .link("workspace", foreignWorkspace)),
                ("organization", .link("organization", other)),
                ("templates", ["data": [["type": "template", "id": .string(foreignTemplate)]]]),
                (
                    "templates",
                    ["data": [["type": "template", "id": .string(template)], ["type": "template", "id": .string(foreignTemplate)]]]
                ),
            ]
            for (name, relationship) in wrong {
                let change: [String: JSONValue] = [name: relationship]
                let made = try await server.post(list, .resource("notification_configuration", Self.slack, change))
                #expect(made.status == 400, "\(name): \(made.text)")
                #expect(made.pointer == "/data/relationships/\(name)")
                let body: JSONValue = .resource("notification_configuration", id: id, [:], change)
                #expect(try await server.patch("notification_configuration/\(id)", body).pointer == "/data/relationships/\(name)")
            }
            #expect(try await server.count("notification_configuration_template") == 0)
            #expect(try await server.count("notification_configuration") == 1)
        }
    }

    @Test("the destination is a public http address without credentials", arguments: TestEngine.allCases)
    func destinations(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let list = "organization/\(try await server.makeOrganization())/notificationConfiguration"
            let id = try await server.make("notification_configuration", at: list, Self.slack)
            for url in [
                "", "hooks.example.com", "ftp://example.com", "https://user:\(Self.canary)@example.com/", "http://127.0.0.1/",
                "http://10.1.2.3/",
                "http://169.254.169.254/", "http://100.64.1.1/", "http://[fd00::1]/", "http://[::1]:8080/", "http://2130706433/",
                "http://localhost:9000/",
            ] {
                let refusals = [
                    try await server.post(list, .resource("notification_configuration", Self.slack(["destinationUrl": .string(url)]))),
                    try await server.patch(
                        "\(list)/\(id)",
                        .resource("notification_configuration", id: id, ["destinationUrl": .string(url)])
                    ),
                ]
                for refused in refusals {
                    #expect(refused.status == 400, "\(url)")
                    #expect(refused.pointer == "/data/attributes/destinationUrl", "\(url)")
                    #expect(refused.text.contains(Self.canary) == false)
                }
            }
            #expect(try await server.count("notification_configuration") == 1)
        }
    }

    @Test("a private destination is taken by a server that may call such", arguments: TestEngine.allCases)
    func privateDestinations(engine: TestEngine) async throws {
        try await withServer(engine, configure: { $0.allowsPrivateEndpoints = true }) { server in
            let list = "organization/\(try await server.makeOrganization())/notificationConfiguration"
            let body = Self.slack(["destinationUrl": "http://10.1.2.3:8080/hook"])
            let id = try await server.make("notification_configuration", at: list, body)
            let odd: JSONValue = .resource("notification_configuration", id: id, ["destinationUrl": "http://user@10.1.2.3/"])
            try await #expect(server.patch("\(list)/\(id)", odd).status == 400)
        }
    }

    @Test("the secret that signs is in no answer, and nowhere on disk", arguments: TestEngine.allCases)
    func secrets(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let list = "organization/\(organization)/notificationConfiguration"
            let body: JSONValue = .resource("notification_configuration", Self.slack(["signingSecret": .string(Self.canary)]))
            let made = try await server.post(list, body)
            let id = try #require(made.id)
            let change: JSONValue = .resource("notification_configuration", id: id, ["signingSecret": .string("\(Self.canary)-new")])
            try await #expect(server.patch("notification_configuration/\(id)", change).status == 204)
            let answers = [
                made, try await server.get(list), try await server.get("notification_configuration/\(id)"),
                try await server.get("organization/\(organization)?include=notificationConfiguration"),
                try await server.get("\(list)?fields[notification_configuration]=signingSecret,name"),
            ]
            for answer in answers {
                #expect(answer.status < 300)
                #expect(answer.text.contains(Self.canary) == false)
                #expect(answer.text.contains("signingSecret") == false)
            }
            #expect(try await server.get("\(list)?filter[notification_configuration]=signingSecret==*").ids == [])
            try await server.expectNowhereOnDisk(Self.canary)
            let none: JSONValue = .resource("notification_configuration", id: id, ["signingSecret": ""])
            try await #expect(server.patch("notification_configuration/\(id)", none).status == 204)
            let stored = try await server.database.read { try $0.row("SELECT signing_secret FROM notification_configuration") }
            #expect(try stored?.raw("signing_secret") == .null)
        }
    }

    @Test("only who may write a notification reads where it goes", arguments: TestEngine.allCases)
    func readers(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            for (team, role, flags) in [("readers", "read", []), ("writers", "write", []), ("managers", "custom", ["manageWorkspace"])] {
                _ = try await server.makeTeam(team, in: organization, role: role, flags: flags)
            }
            let reader = try await server.makeUser("reader", groups: ["readers"])
            let list = "organization/\(organization)/notificationConfiguration"
            let ids = [
                try await server.make("notification_configuration", at: list, Self.slack),
                try await server.make("notification_configuration", at: "workspace/\(workspace)/notificationConfiguration", Self.slack),
            ]
            for id in ids {
                let shown = try await server.get("notification_configuration/\(id)", as: reader)
                #expect(shown.attributes["name"] == "ops")
                #expect(shown.text.contains("hooks.example.com") == false)
                #expect(shown.text.contains("destinationUrl") == false)
                for team in ["writers", "managers"] {
                    let manager = try await server.makeUser("\(team)-\(id.prefix(4))", groups: [team])
                    let own = try await server.get("notification_configuration/\(id)", as: manager)
                    #expect(own.attributes["destinationUrl"] == "https://hooks.example.com/services/T0/B0/x", "\(team)")
                }
            }
            let probe = "\(list)?filter[notification_configuration]=destinationUrl==*hooks*"
            #expect(try await server.get(probe, as: reader).ids == [])
            #expect(try await server.get(probe).ids.count == 2)
        }
    }

    @Test("a status triggers a notification once, and a template narrows it until it goes", arguments: TestEngine.allCases)
    func triggersAndTemplates(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let list = "organization/\(organization)/notificationConfiguration"
            let id = try await server.make("notification_configuration", at: list, Self.slack)
            let triggers = "notification_configuration/\(id)/triggers"
            let failed = try await server.make("notification_trigger", at: triggers, ["jobStatus": "failed"])
            _ = try await server.make("notification_trigger", at: triggers, ["jobStatus": "completed"])
            try await #expect(server.post(triggers, .resource("notification_trigger", ["jobStatus": "failed"])).status == 409)
            for status: JSONValue in ["Failed", "", nil] {
                let refused = try await server.post(triggers, .resource("notification_trigger", ["jobStatus": status]))
                #expect(refused.pointer == "/data/attributes/jobStatus")
            }
            #expect(Set(try await server.get("\(list)/\(id)/triggers").values("jobStatus")) == ["failed", "completed"])
            try await #expect(server.delete("notification_trigger/\(failed)").status == 204)

            let plan = try await server.template("Plan", in: organization)
            let destroy = try await server.template("Destroy", in: organization)
            func link(_ ids: [String]) -> JSONValue { ["data": .array(ids.map { ["type": "template", "id": .string($0)] })] }
            let linkage = "notification_configuration/\(id)/relationships/templates"
            try await #expect(server.patch(linkage, link([plan, destroy])).status == 204)
            #expect(Set(try await server.get("notification_configuration/\(id)/templates").ids) == [plan, destroy])
            try await #expect(server.delete("organization/\(organization)/template/\(plan)").status == 204)
            #expect(try await server.get(linkage).ids == [destroy])
            try await #expect(server.patch(linkage, link([])).status == 204)
            #expect(try await server.get(linkage).ids == [])

            try await #expect(server.delete("\(list)/\(id)").status == 204)
            #expect(try await server.count("notification_trigger") == 0)
        }
    }

    @Test("what belongs to a workspace is hidden with it", arguments: TestEngine.allCases)
    func hiding(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let own = "workspace/\(workspace)/notificationConfiguration"
            let id = try await server.make("notification_configuration", at: own, Self.slack)
            let trigger = try await server.make("notification_trigger", at: "\(own)/\(id)/triggers", ["jobStatus": "failed"])
            let deletion: JSONValue = .resource("workspace", id: workspace, ["deleted": true, "name": "network_DEL_x9Zq"])
            try await #expect(server.patch("workspace/\(workspace)", deletion).status == 204)
            for path in ["notification_configuration/\(id)", "notification_trigger/\(trigger)"] {
                #expect(try await server.get(path).status == 404, "\(path)")
                #expect(try await server.delete(path).status == 404, "\(path)")
            }
            #expect(try await server.get("organization/\(organization)/notificationConfiguration").ids == [])
        }
    }
}
