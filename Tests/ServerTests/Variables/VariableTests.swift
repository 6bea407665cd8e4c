import Foundation
import JSONAPI
import TestSupport
import Testing
import Wire

struct VariableTests {
    private static let secret = "canary-s3cr3t-51f2"

    @Test("a variable is made, read, changed and deleted", arguments: TestEngine.allCases)
    func lifecycle(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let variable = try await server.makeVariable("region", "eu", in: workspace, ["hcl": true, "description": "where"])
            let path = "workspace/\(workspace)/variable/\(variable)"
            #expect(
                try await server.get(path).attributes == [
                    "key": "region", "value": "eu", "description": "where", "category": "TERRAFORM", "sensitive": false, "hcl": true,
                    "incomplete": false,
                ]
            )
            try await #expect(server.patch(path, .resource("variable", id: variable, ["value": "us"])).status == 204)
            #expect(try await server.get(path).attributes["value"] == "us")
            try await #expect(server.delete(path).status == 204)
            #expect(try await server.get("workspace/\(workspace)/variable").ids == [])
        }
    }

    @Test("a key is taken once for each category", arguments: TestEngine.allCases)
    func duplicates(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            _ = try await server.makeVariable("region", "eu", in: workspace)
            _ = try await server.makeVariable("region", "eu", in: workspace, ["category": "ENV"])
            let again: JSONValue = .resource("variable", ["key": "region", "value": "us", "category": "ENV"])
            try await #expect(server.post("workspace/\(workspace)/variable", again).status == 409)
            let global: JSONValue = .resource("globalvar", ["key": "region", "value": "us", "category": "ENV"])
            try await #expect(server.post("organization/\(organization)/globalvar", global).status == 201)
            try await #expect(server.post("organization/\(organization)/globalvar", global).status == 409)
            #expect(try await server.count("variable") == 2)
        }
    }

    @Test("a sensitive value is in no answer, and nowhere on disk", arguments: TestEngine.allCases)
    func sensitiveValues(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let attributes: [String: JSONValue] = ["key": "password", "value": .string(Self.secret), "category": "ENV", "sensitive": true]
            let made = [
                try await server.post("workspace/\(workspace)/variable", .resource("variable", attributes)),
                try await server.post("organization/\(organization)/globalvar", .resource("globalvar", attributes)),
            ]
            let ids = made.compactMap(\.id)
            try #require(ids.count == 2)
            let answers =
                made + [
                    try await server.get("workspace/\(workspace)/variable"),
                    try await server.get("workspace/\(workspace)/variable/\(ids[0])"),
                    try await server.get("organization/\(organization)/globalvar/\(ids[1])"),
                    try await server.get("workspace/\(workspace)?include=variable"),
                    try await server.get("organization/\(organization)?include=globalvar,workspace.variable"),
                    try await server.get("workspace/\(workspace)/variable?fields[variable]=value"),
                ]
            for answer in answers {
                #expect(answer.text.contains(Self.secret) == false)
                #expect(answer.text.contains("\"value\"") == false)
                #expect(answer.status == 200 || answer.status == 201)
            }
            try await server.expectNowhereOnDisk(Self.secret)
        }
    }

    @Test("a sensitive value cannot be searched for", arguments: TestEngine.allCases)
    func searching(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            _ = try await server.makeVariable("password", Self.secret, in: workspace, ["sensitive": true])
            for filter in ["value==\(Self.secret)", "value==canary*", "value!=x", "value=isnull=false", "value=ge=a"] {
                let answer = try await server.get("workspace/\(workspace)/variable?filter[variable]=\(filter)")
                #expect(answer.ids == [], "\(filter): \(answer.text)")
            }
        }
    }

    @Test("a sensitive variable becomes readable only with a new value", arguments: TestEngine.allCases)
    func declassifying(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let sealed: [String: JSONValue] = ["key": "password", "value": .string(Self.secret), "category": "ENV", "sensitive": true]
            for (type, list) in [("variable", "workspace/\(workspace)/variable"), ("globalvar", "organization/\(organization)/globalvar")] {
                let id = try await server.make(type, at: list, sealed)
                let path = "\(list)/\(id)"
                let refused = try await server.patch(path, .resource(type, id: id, ["sensitive": false]))
                #expect(refused.status == 400)
                #expect(refused.pointer == "/data/attributes/sensitive")
                try await #expect(server.patch(path, .resource(type, id: id, ["sensitive": false, "description": "x"])).status == 400)
                #expect(try await server.get(path).attributes["description"] == .null)
                try await #expect(server.patch(path, .resource(type, id: id, ["sensitive": false, "value": "public"])).status == 204)
                #expect(try await server.get(path).attributes["value"] == "public")
                try await #expect(server.patch(path, .resource(type, id: id, ["sensitive": true])).status == 204)
                #expect(try await server.get(path).attributes["value"] == nil)
            }
            try await server.expectNowhereOnDisk(Self.secret)
        }
    }

    @Test("a sensitive variable without a value is incomplete until it gets one", arguments: TestEngine.allCases)
    func incomplete(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let variable = try await server.makeVariable("password", "", in: workspace, ["sensitive": true, "incomplete": false])
            let path = "workspace/\(workspace)/variable/\(variable)"
            #expect(try await server.get(path).attributes["incomplete"] == true)
            // Clients echo what they have read.
            let echo: JSONValue = .resource("variable", id: variable, ["sensitive": true, "incomplete": false, "description": "db"])
            try await #expect(server.patch(path, echo).status == 204)
            #expect(try await server.get(path).attributes["incomplete"] == true)
            try await #expect(server.patch(path, .resource("variable", id: variable, ["value": .string(Self.secret)])).status == 204)
            #expect(try await server.get(path).attributes["incomplete"] == false)
            try await #expect(server.patch(path, echo).status == 204)
            #expect(try await server.get(path).attributes["incomplete"] == false)
            let open = try await server.makeVariable("optional", "", in: workspace)
            #expect(try await server.get("workspace/\(workspace)/variable/\(open)").attributes["incomplete"] == false)
        }
    }

    @Test("a job gets every value in clear, the workspace's before the organization's", arguments: TestEngine.allCases)
    func assignment(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            _ = try await server.makeVariable("password", Self.secret, in: workspace, ["sensitive": true])
            _ = try await server.makeVariable("zones", "[1]", in: workspace, ["hcl": true])
            for (key, category, sensitive) in [("password", "TERRAFORM", false), ("password", "ENV", true), ("owner", "TERRAFORM", false)] {
                _ = try await server.make(
                    "globalvar",
                    at: "organization/\(organization)/globalvar",
                    ["key": .string(key), "value": "global", "category": .string(category), "sensitive": .boolean(sensitive)]
                )
            }
            _ = try await server.startJob(in: workspace)
            let assignment = try await FakeExecutor(server).claim()
            #expect(
                Set(assignment.variables) == [
                    .init(key: "password", value: Self.secret, isSensitive: true),
                    .init(key: "zones", value: "[1]", isHCL: true),
                    .init(key: "owner", value: "global"),
                ]
            )
            #expect(assignment.environment == [.init(key: "password", value: "global", isSensitive: true)])
        }
    }

    @Test("only administrators write the variables of an organization", arguments: TestEngine.allCases)
    func globalVariables(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            _ = try await server.makeTeam("platform", in: organization, role: "admin")
            let anna = try await server.makeUser("anna", groups: ["platform"])
            let list = "organization/\(organization)/globalvar"
            let new: JSONValue = .resource("globalvar", ["key": "region", "value": "eu", "category": "ENV"])
            try await #expect(server.post(list, new, as: anna).status == 403)
            let id = try #require(try await server.post(list, new).id)
            #expect(try await server.get("\(list)/\(id)", as: anna).attributes["value"] == "eu")
            try await #expect(server.patch("\(list)/\(id)", .resource("globalvar", id: id, ["value": "us"]), as: anna).status == 403)
            try await #expect(server.delete("\(list)/\(id)", as: anna).status == 403)
            #expect(try await server.get("\(list)/\(id)").attributes["value"] == "eu")
        }
    }
}
