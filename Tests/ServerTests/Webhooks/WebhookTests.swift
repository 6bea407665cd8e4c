import Foundation
import JSONAPI
import TestSupport
import Testing

struct WebhookTests {
    /// A workspace with a webhook, in an organization with a template.
    private struct Fixture {
        let organization: String
        let workspace: String
        let template: String
        let webhook = UUID().uuidString.lowercased()
        let list: String

        init(_ server: TestServer, _ name: String = "acme") async throws {
            organization = try await server.makeOrganization(name)
            workspace = try await server.makeWorkspace(in: organization)
            template = try await server.template("Plan", in: organization)
            list = "organization/\(organization)/workspace/\(workspace)/webhook"
            let made = try await server.post(list, .resource("webhook", id: webhook, ["migratedV2": true]))
            try #require(made.status == 201, "\(made.text)")
            try #require(made.id == webhook)
        }

        var events: String { "webhook/\(webhook)/events" }

        func event(_ changes: [String: JSONValue] = [:], id: String = UUID().uuidString) -> JSONValue {
            let attributes: [String: JSONValue] = [
                "event": "PUSH", "branch": "main", "path": ".*", "templateId": .string(template), "priority": 1,
            ]
            return .resource("webhook_event", id: id, attributes.merging(changes) { _, new in new })
        }
    }

    @Test("a workspace has one webhook, whose id the client chose", arguments: TestEngine.allCases)
    func oneEach(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await Fixture(server)
            for path in [fixture.list, "\(fixture.list)/\(fixture.webhook)", "webhook/\(fixture.webhook)"] {
                let shown = try await server.get(path)
                #expect(shown.id == fixture.webhook, "\(path)")
                #expect(shown.attributes["migratedV2"] == true)
                #expect(shown.attributes["remoteHookId"] == .null)
                #expect(shown.data?["relationships"]?["workspace"] == .link("workspace", fixture.workspace))
            }
            // Terrakube's pages change it by the path that has no id.
            let change: JSONValue = .resource("webhook", id: fixture.webhook, ["remoteHookId": "42"])
            try await #expect(server.patch(fixture.list, change).status == 204)
            #expect(try await server.get("webhook/\(fixture.webhook)").attributes["remoteHookId"] == "42")
            let second = try await server.post(fixture.list, .resource("webhook", id: UUID().uuidString))
            #expect(second.status == 409)
            let link: [String: JSONValue] = ["workspace": .link("workspace", fixture.workspace)]
            try await #expect(server.post("webhook", .resource("webhook", id: UUID().uuidString, [:], link)).status == 409)
            #expect(try await server.count("webhook") == 1)
        }
    }

    @Test("a webhook without a UUID of its own is refused", arguments: TestEngine.allCases)
    func ids(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await Fixture(server)
            let other = try await server.makeWorkspace("other", in: fixture.organization)
            let list = "workspace/\(other)/webhook"
            for id in [nil, "", "hook-1", String(repeating: "a", count: 36)] {
                let refused = try await server.post(list, .resource("webhook", id: id))
                #expect(refused.status == 400, "\(id ?? "none")")
                #expect(refused.pointer == "/data/id")
            }
            let nameless = try await server.post(list, .resource("webhook"))
            #expect(nameless.detail == "No id provided, cannot persist webhook")
            try await #expect(server.post(list, .resource("webhook", id: fixture.webhook)).status == 409)
            try await #expect(server.post("webhook", .resource("webhook", id: UUID().uuidString)).status == 400)
        }
    }

    @Test("the events of a webhook are made, found, changed and deleted, and go with it", arguments: TestEngine.allCases)
    func events(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await Fixture(server)
            let id = UUID().uuidString.lowercased()
            let made = try await server.post(fixture.events, fixture.event(["path": "/modules/.*,/main.tf"], id: id))
            #expect(made.status == 201, "\(made.text)")
            #expect(made.id == id)
            #expect(made.attributes["pathType"] == "REGEX")
            #expect(made.attributes["prWorkflowEnabled"] == false)
            #expect(made.data?["relationships"]?["webhook"] == .link("webhook", fixture.webhook))
            for path in ["webhook_event/\(id)", "\(fixture.events)/\(id)", "\(fixture.list)/\(fixture.webhook)/events/\(id)"] {
                #expect(try await server.get(path).attributes["path"] == "/modules/.*,/main.tf", "\(path)")
            }
            let change: JSONValue = .resource("webhook_event", id: id, ["event": "RELEASE", "branch": "v[0-9]{1,3}", "priority": 7])
            try await #expect(server.patch("webhook_event/\(id)", change).status == 204)
            #expect(try await server.get("\(fixture.list)/\(fixture.webhook)/events").values("branch") == ["v[0-9]{1,3}"])
            try await #expect(server.delete("\(fixture.events)/\(id)").status == 204)
            #expect(try await server.get("webhook_event/\(id)").status == 404)

            try await #expect(server.post(fixture.events, fixture.event()).status == 201)
            try await #expect(server.delete("\(fixture.list)/\(fixture.webhook)").status == 204)
            #expect(try await server.count("webhook_event") == 0)
        }
    }

    @Test("Terrakube's pages save a webhook with all of its events in one request", arguments: TestEngine.allCases)
    func pages(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let template = try await server.template("Plan", in: organization)
            let list = "/organization/\(organization)/workspace/\(workspace)/webhook"
            let webhook = UUID().uuidString.lowercased()
            let events = [UUID().uuidString.lowercased(), UUID().uuidString.lowercased()]
            // The linkage of the events stands beside the data, and names what only later operations add.
            func save(_ verb: String, _ shown: [String], created: [String]) async throws -> Answer {
                let linkage = shown.map { JSONValue.object(["type": "webhook_event", "id": .string($0)]) }
                let head: JSONValue = [
                    "op": .string(verb), "href": .string(list), "data": ["type": "webhook", "id": .string(webhook)],
                    "relationships": ["events": ["data": .array(linkage)]],
                ]
                let rows = shown.map { id -> JSONValue in
                    let isNew = created.contains(id)
                    return [
                        "op": isNew ? "add" : "update",
                        "href": .string(isNew ? "\(list)/\(webhook)/events" : "\(list)/\(webhook)/events/\(id)"),
                        "data": [
                            "type": "webhook_event", "id": .string(id),
                            // What was typed into a field comes as text.
                            "attributes": [
                                "priority": "2", "event": "PUSH", "branch": "main", "path": ".*", "templateId": .string(template),
                                "prWorkflowEnabled": false,
                            ],
                        ],
                    ]
                }
                return try await server.operate([head] + rows)
            }
            let first = try await save("add", [events[0]], created: [events[0]])
            #expect(first.status == 200, "\(first.text)")
            let second = try await save("update", events, created: [events[1]])
            #expect(second.status == 200, "\(second.text)")
            let third = try await save("update", events, created: [])
            #expect(third.status == 200, "\(third.text)")
            #expect(Set(try await server.get("webhook/\(webhook)/events").ids) == Set(events))
            #expect(try await server.get("webhook/\(webhook)/events").values("priority") == [2, 2])
        }
    }

    @Test("branches and paths must be regular expressions, paths by pattern need not", arguments: TestEngine.allCases)
    func expressions(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await Fixture(server)
            for (attribute, value) in [("branch", "main,["), ("branch", "*"), ("path", "**/*.tf"), ("path", "(")] {
                let refused = try await server.post(fixture.events, fixture.event([attribute: .string(value)]))
                #expect(refused.status == 400, "\(attribute) \(value)")
                #expect(refused.pointer == "/data/attributes/\(attribute)")
            }
            let id = UUID().uuidString.lowercased()
            let glob = fixture.event(["path": "**/*.tf", "pathType": "PATTERN"], id: id)
            try await #expect(server.post(fixture.events, glob).status == 201)
            // The same paths are no regular expressions, whichever of the two is sent.
            let change: JSONValue = .resource("webhook_event", id: id, ["pathType": "REGEX"])
            #expect(try await server.patch("webhook_event/\(id)", change).pointer == "/data/attributes/path")
            #expect(try await server.get("webhook_event/\(id)").attributes["pathType"] == "PATTERN")
            for attribute in ["event", "branch", "path", "templateId"] {
                #expect(try await server.post(fixture.events, fixture.event([attribute: nil])).pointer == "/data/attributes/\(attribute)")
            }
            #expect(try await server.post(fixture.events, fixture.event(["event": "push"])).status == 400)
        }
    }

    @Test("a webhook reaches nothing of another organization, and stays where it is", arguments: TestEngine.allCases)
    func strangers(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await Fixture(server)
            let other = try await Fixture(server, "other")
            let id = UUID().uuidString.lowercased()
            try await #expect(server.post(fixture.events, fixture.event(id: id)).status == 201)
            for template in [other.template, "no-such-template", ""] {
                let refused = try await server.post(fixture.events, fixture.event(["templateId": .string(template)]))
                #expect(refused.status == 400)
                #expect(refused.pointer == "/data/attributes/templateId")
                let change: JSONValue = .resource("webhook_event", id: id, ["templateId": .string(template)])
                try await #expect(server.patch("webhook_event/\(id)", change).status == 400)
            }
            let moves: [(String, JSONValue)] = [
                ("webhook_event/\(id)", .resource("webhook_event", id: id, [:], ["webhook": .link("webhook", other.webhook)])),
                (
                    "webhook/\(fixture.webhook)",
                    .resource("webhook", id: fixture.webhook, [:], ["workspace": .link("workspace", other.workspace)])
                ),
            ]
            for (path, move) in moves {
                try await #expect(server.patch(path, move).status == 400, "\(path)")
            }
            #expect(try await server.get("\(fixture.events)").ids == [id])

            _ = try await server.makeTeam("others", in: other.organization, role: "admin")
            let stranger = try await server.makeUser("stranger", groups: ["others"])
            #expect(try await server.get("webhook", as: stranger).ids == [other.webhook])
            #expect(try await server.get("webhook_event", as: stranger).ids == [])
            for path in ["webhook/\(fixture.webhook)", "webhook_event/\(id)", fixture.events] {
                #expect(try await server.get(path, as: stranger).status == 404, "\(path)")
            }
            let root: JSONValue = .resource(
                "webhook_event",
                id: UUID().uuidString,
                ["event": "PUSH", "branch": "x", "path": "x", "templateId": .string(other.template)],
                ["webhook": .link("webhook", fixture.webhook)]
            )
            try await #expect(server.post("webhook_event", root, as: stranger).status == 400)
            #expect(try await server.count("webhook_event") == 1)
        }
    }
}
