import JSONAPI
import TestSupport
import Testing

struct ActionTests {
    private static let action: [String: JSONValue] = [
        "type": "Workspace/Action", "action": "{\"link\":\"https://example.com\"}", "displayCriteria": "[{\"filter\":\"true\"}]",
        "name": "Wiki", "label": "Wiki", "category": "General", "version": "1.0.0", "active": true,
    ]

    @Test("a new database has the six actions that clients know, and what they do is a link", arguments: TestEngine.allCases)
    func seeds(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let list = try await server.get("action?sort=id")
            #expect(
                list.ids == [
                    "terrakube.azure-monitor", "terrakube.open-ai", "terrakube.open-azure", "terrakube.open-documentation",
                    "terrakube.resource-details", "terrakube.restart-vm-azure",
                ]
            )
            #expect(
                try await server.get("action?filter[action]=active==true&sort=id").ids == [
                    "terrakube.open-documentation", "terrakube.resource-details",
                ]
            )
            for attributes in (list.data?.array ?? []).compactMap({ $0["attributes"]?.object }) {
                let content = try JSONValue(parsing: .init((attributes["action"]?.string ?? "").utf8))
                #expect(content["link"]?.string?.hasPrefix("https://") == true || content["link"] == "#{address}")
                #expect(content.object?.count == 1)
                #expect(try JSONValue(parsing: .init((attributes["displayCriteria"]?.string ?? "").utf8)).array?.isEmpty == false)
            }
            #expect(try await server.get("action?filter[action]=type=='Workspace/ResourceDrawer/Tab'").ids.count == 2)
        }
    }

    @Test("administrators make, change and delete actions; everybody who is signed in reads them", arguments: TestEngine.allCases)
    func lifecycle(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let made = try await server.post("action", .resource("action", id: "acme.wiki", Self.action))
            #expect(made.status == 201, "\(made.text)")
            #expect(made.id == "acme.wiki")
            #expect(made.attributes["type"] == "Workspace/Action")
            let anna = try await server.makeUser("anna")
            #expect(try await server.get("action/acme.wiki", as: anna).attributes["label"] == "Wiki")
            #expect(try await server.get("action", as: .nobody).status == 401)
            let change: JSONValue = .resource("action", id: "acme.wiki", ["active": false])
            try await #expect(server.post("action", .resource("action", id: "anna.own", Self.action), as: anna).status == 403)
            try await #expect(server.patch("action/acme.wiki", change, as: anna).status == 403)
            try await #expect(server.delete("action/acme.wiki", as: anna).status == 403)
            try await #expect(server.patch("action/acme.wiki", change).status == 204)
            #expect(try await server.get("action/acme.wiki").attributes["active"] == false)
            try await #expect(server.post("action", .resource("action", id: "acme.wiki", Self.action)).status == 409)
            try await #expect(server.delete("action/acme.wiki").status == 204)
            #expect(try await server.get("action").ids.count == 6)
        }
    }

    @Test("an action without an id, of another type or with criteria that are no list is refused", arguments: TestEngine.allCases)
    func rules(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            #expect(try await server.post("action", .resource("action", Self.action)).pointer == "/data/id")
            for (attribute, value) in [
                ("type", "Organization/Action"), ("displayCriteria", "true"), ("displayCriteria", "{}"), ("displayCriteria", "[1]"),
                ("displayCriteria", ""), ("action", nil), ("version", nil),
            ] as [(String, JSONValue)] {
                let wrong = Self.action.merging([attribute: value]) { _, new in new }
                let refused = try await server.post("action", .resource("action", id: "acme.wiki", wrong))
                #expect(refused.status == 400, "\(attribute)")
                #expect(refused.pointer == "/data/attributes/\(attribute)")
            }
        }
    }
}
