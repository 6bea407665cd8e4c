import Database
import JSONAPI
import TestSupport
import Testing
import Wire

struct CollectionTests {
    @Test("runs take the workspace's variables first, then global ones, then collections by priority", arguments: TestEngine.allCases)
    func precedence(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let root = "organization/\(organization)"
            let workspace = try await server.makeWorkspace(in: organization)
            _ = try await server.makeVariable("a", "workspace", in: workspace)
            for key in ["a", "b"] {
                let global: [String: JSONValue] = ["key": .string(key), "value": "global", "category": "TERRAFORM"]
                _ = try await server.make("globalvar", at: "\(root)/globalvar", global)
            }
            for (name, priority) in [("low", 1), ("high", 10), ("unused", 100)] {
                let collection = try await server.make(
                    "collection",
                    at: "\(root)/collection",
                    ["name": .string(name), "priority": .integer(Int64(priority))]
                )
                for key in ["a", "b", "c", name] {
                    let item: [String: JSONValue] = [
                        "key": .string(key), "value": .string(name), "category": "TERRAFORM", "sensitive": .boolean(name == "high"),
                    ]
                    _ = try await server.make("item", at: "\(root)/collection/\(collection)/item", item)
                }
                guard name != "unused" else { continue }
                let use: JSONValue = .resource("reference", [:], ["workspace": .link("workspace", workspace)])
                try await #expect(server.post("\(root)/collection/\(collection)/reference", use).status == 201)
            }
            _ = try await server.startJob(in: workspace)
            let assignment = try await FakeExecutor(server).claim()
            #expect(
                Set(assignment.variables) == [
                    .init(key: "a", value: "workspace"), .init(key: "b", value: "global"),
                    .init(key: "c", value: "high", isSensitive: true), .init(key: "high", value: "high", isSensitive: true),
                    .init(key: "low", value: "low"),
                ]
            )
        }
    }

    @Test("a collection serves workspaces of its own organization, and goes only when none uses it", arguments: TestEngine.allCases)
    func references(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let other = try await server.makeOrganization("other")
            let foreign = try await server.makeWorkspace(in: other)
            let workspace = try await server.makeWorkspace(in: organization)
            let list = "organization/\(organization)/collection"
            let collection = try await server.make("collection", at: list, ["name": "shared", "priority": 1])
            func refer(to workspace: String) async throws -> Answer {
                let body: JSONValue = .resource("reference", ["description": ""], ["workspace": .link("workspace", workspace)])
                return try await server.post("\(list)/\(collection)/reference", body)
            }
            #expect(try await refer(to: foreign).status == 400)
            let reference = try #require(try await refer(to: workspace).id)
            #expect(try await refer(to: workspace).status == 409)
            #expect(try await server.get("workspace/\(workspace)/reference").ids == [reference])
            #expect(try await server.get("reference/\(reference)/collection?include=item").id == collection)
            #expect(try await server.delete("\(list)/\(collection)").status == 409)
            try await #expect(server.delete("reference/\(reference)").status == 204)
            try await #expect(server.delete("\(list)/\(collection)").status == 204)
        }
    }

    @Test("the value of a sensitive item is in no answer", arguments: TestEngine.allCases)
    func secrets(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let list = "organization/\(organization)/collection"
            let collection = try await server.make("collection", at: list, ["name": "shared", "priority": 1])
            let item: [String: JSONValue] = ["key": "k", "value": "canary-value", "category": "ENV", "sensitive": true]
            let id = try await server.make("item", at: "\(list)/\(collection)/item", item)
            for path in ["\(list)/\(collection)?include=item", "\(list)/\(collection)/item/\(id)"] {
                let answer = try await server.get(path)
                #expect(answer.status == 200)
                #expect(answer.text.contains("canary-value") == false)
            }
            let stored = try await server.database.read {
                try $0.row("SELECT value FROM item WHERE id = \(id)")?.get("value", as: String.self)
            }
            #expect(stored?.contains("canary-value") == false)
        }
    }
}
