import Foundation
import JSONAPI
import TestSupport
import Testing

struct WorkspaceTests {
    @Test("a new workspace has the defaults that clients expect", arguments: TestEngine.allCases)
    func defaults(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let answer = try await server.get("organization/\(organization)/workspace/\(workspace)")
            let expected: [String: JSONValue] = [
                "folder": "/", "iacType": "terraform", "executionMode": "remote", "allowRemoteApply": false, "globalRemoteState": true,
                "locked": false, "deleted": false, "lastJobStatus": "NeverExecuted", "lastJobDate": nil, "createdBy": "admin@example.com",
                "createdDate": "2026-02-02T02:40Z", "description": nil,
            ]
            for (name, value) in expected {
                #expect(answer.attributes[name] == value, "\(name)")
            }
        }
    }

    @Test("a workspace takes the execution mode of its organization", arguments: TestEngine.allCases)
    func executionMode(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.make("organization", at: "organization", ["name": "acme", "executionMode": "local"])
            let inherited = try await server.makeWorkspace("inherited", in: organization)
            let own = try await server.makeWorkspace("own", in: organization, ["executionMode": "remote"])
            #expect(try await server.get("workspace/\(inherited)").attributes["executionMode"] == "local")
            #expect(try await server.get("workspace/\(own)").attributes["executionMode"] == "remote")
        }
    }

    @Test("a name is taken once in an organization", arguments: TestEngine.allCases)
    func duplicates(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let elsewhere = try await server.makeOrganization("other")
            let first = try await server.makeWorkspace("network", in: organization)
            let second = try await server.makeWorkspace("cluster", in: organization)
            _ = try await server.makeWorkspace("network", in: elsewhere)
            let attributes: [String: JSONValue] = [
                "name": "network", "source": "https://example.com/x.git", "branch": "main", "terraformVersion": "1.11.4",
            ]
            let again = try await server.post("organization/\(organization)/workspace", .resource("workspace", attributes))
            #expect(again.status == 409)
            #expect(again.detail == "A workspace named network already exists in this organization.")
            let rename: JSONValue = .resource("workspace", id: second, ["name": "network"])
            try await #expect(server.patch("workspace/\(second)", rename).status == 409)
            let same: JSONValue = .resource("workspace", id: first, ["name": "network", "description": "ours"])
            try await #expect(server.patch("workspace/\(first)", same).status == 204)
            #expect(try await server.count("workspace") == 3)
        }
    }

    @Test("of two that make the same workspace at the same time, one does", arguments: TestEngine.allCases)
    func race(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let body: JSONValue = .resource(
                "workspace",
                ["name": "network", "source": "https://example.com/x.git", "branch": "main", "terraformVersion": "1.11.4"]
            )
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await server.post("organization/\(organization)/workspace", body).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [201] + Array(repeating: 409, count: 7))
        }
    }

    @Test("a deleted workspace is hidden with all that is in it", arguments: TestEngine.allCases)
    func softDelete(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let variable = try await server.makeVariable("region", "eu", in: workspace)
            let path = "organization/\(organization)/workspace/\(workspace)"
            let deletion: JSONValue = .resource("workspace", id: workspace, ["deleted": true, "name": "network_DEL_x9Zq"])
            try await #expect(server.patch(path, deletion).status == 204)
            for hidden in [path, "workspace/\(workspace)", "\(path)/variable", "\(path)/variable/\(variable)", "\(path)/job"] {
                #expect(try await server.get(hidden).status == 404, "\(hidden)")
            }
            #expect(try await server.get("organization/\(organization)/workspace").ids == [])
            let linked = try await server.get("organization/\(organization)?include=workspace")
            #expect(linked.json["included"] == [])
            #expect(linked.data?["relationships"]?["workspace"]?["data"] == [])
            _ = try await server.makeWorkspace(in: organization)
        }
    }

    @Test("deleting for good takes jobs, variables and state versions along", arguments: TestEngine.allCases)
    func hardDelete(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization, ["source": "empty", "branch": "remote-content"])
            _ = try await server.makeVariable("region", "eu", in: workspace)
            try await server.upload(Archives.empty, to: workspace)
            _ = try await server.startJob(in: workspace)
            let executor = FakeExecutor(server)
            try await executor.runJob()
            try await #expect(server.write(States.state(serial: 1), to: workspace).status == 200)
            try await #expect(server.delete("workspace/\(workspace)").status == 204)
            for table in ["workspace", "variable", "job", "step", "history", "configuration_version", "step_log"] {
                #expect(try await server.count(table) == 0, "\(table)")
            }
        }
    }

    @Test("credentials of another organization are refused, own ones are taken", arguments: TestEngine.allCases)
    func foreignCredentials(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let elsewhere = try await server.makeOrganization("other")
            let workspace = try await server.makeWorkspace(in: organization)
            for (type, attributes) in Credentials.all {
                let own = try await server.make(type, at: "organization/\(organization)/\(type)", attributes)
                let foreign = try await server.make(type, at: "organization/\(elsewhere)/\(type)", attributes)
                let path = "workspace/\(workspace)"
                let refused = try await server.patch(path, .resource("workspace", id: workspace, [:], [type: .link(type, foreign)]))
                #expect(refused.status == 400)
                #expect(refused.pointer == "/data/relationships/\(type)")
                try await #expect(server.patch(path, .resource("workspace", id: workspace, [:], [type: .link(type, own)])).status == 204)
                #expect(try await server.get(path).data?["relationships"]?[type]?["data"]?["id"] == .string(own))
                let body: JSONValue = .resource(
                    "workspace",
                    ["name": "thief", "source": "https://example.com/x.git", "branch": "main", "terraformVersion": "1"],
                    [type: .link(type, foreign)]
                )
                try await #expect(server.post("organization/\(organization)/workspace", body).status == 400)
                try await #expect(server.delete("organization/\(organization)/\(type)/\(own)").status == 409)
            }
            #expect(try await server.count("workspace") == 1)
        }
    }

    @Test("reading workspaces takes as many statements for a hundred as for one", arguments: TestEngine.allCases)
    func boundedReads(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let counting = CountingDatabase(base: server.database)
            let api = try server.nativeAPI(on: counting)
            let organization = try await server.makeOrganization()
            var measurements: [(statements: Int, workspaces: Int)] = []
            func measure() async throws -> (statements: Int, workspaces: Int) {
                _ = counting.takeCount()
                let answer = await api.get("/organization/\(organization)/workspace", query: "include=variable,job,history,workspaceTag")
                try #require(answer.status == 200)
                return (counting.takeCount(), try JSONValue(parsing: answer.body ?? .init())["data"]?.array?.count ?? 0)
            }
            for number in 0..<100 {
                let workspace = try await server.makeWorkspace("workspace-\(number)", in: organization)
                _ = try await server.makeVariable("region", "eu", in: workspace)
                if number == 0 { measurements.append(try await measure()) }
            }
            measurements.append(try await measure())
            #expect(measurements.map(\.workspaces) == [1, 100])
            #expect(measurements[0].statements == measurements[1].statements)
        }
    }
}
