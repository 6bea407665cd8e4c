import JSONAPI
import TestSupport
import Testing

struct TagTests {
    @Test("a workspace carries the tags of its organization, each once", arguments: TestEngine.allCases)
    func tagging(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let elsewhere = try await server.makeOrganization("other")
            let workspace = try await server.makeWorkspace(in: organization)
            let tag = try await server.make("tag", at: "organization/\(organization)/tag", ["name": "prod"])
            let foreign = try await server.make("tag", at: "organization/\(elsewhere)/tag", ["name": "prod"])
            let list = "organization/\(organization)/workspace/\(workspace)/workspaceTag"
            let use = try await server.make("workspacetag", at: list, ["tagId": .string(tag)])
            #expect(try await server.get(list).values("tagId") == [.string(tag)])
            try await #expect(server.post(list, .resource("workspacetag", ["tagId": .string(tag)])).status == 409)
            for unknown in [foreign, "no-such-tag"] {
                let refused = try await server.post(list, .resource("workspacetag", ["tagId": .string(unknown)]))
                #expect(refused.status == 400)
                #expect(refused.pointer == "/data/attributes/tagId")
            }
            let swap: JSONValue = .resource("workspacetag", id: use, ["tagId": .string(foreign)])
            try await #expect(server.patch("\(list)/\(use)", swap).status == 400)
            #expect(try await server.count("workspacetag") == 1)
        }
    }

    @Test("the name of a tag is taken once in an organization", arguments: TestEngine.allCases)
    func duplicates(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let elsewhere = try await server.makeOrganization("other")
            for place in [organization, elsewhere] {
                _ = try await server.make("tag", at: "organization/\(place)/tag", ["name": "prod"])
            }
            try await #expect(server.post("organization/\(organization)/tag", .resource("tag", ["name": "prod"])).status == 409)
        }
    }

    @Test("a tag that goes is taken off its workspaces", arguments: TestEngine.allCases)
    func deletion(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let tag = try await server.make("tag", at: "organization/\(organization)/tag", ["name": "prod"])
            _ = try await server.make("workspacetag", at: "workspace/\(workspace)/workspaceTag", ["tagId": .string(tag)])
            try await #expect(server.delete("organization/\(organization)/tag/\(tag)").status == 204)
            #expect(try await server.get("workspace/\(workspace)/workspaceTag").ids == [])
        }
    }
}
