import JSONAPI
import TestSupport
import Testing

struct TeamTests {
    @Test("a team shows its flags and its role, and changes them", arguments: TestEngine.allCases)
    func shape(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let team = try await server.makeTeam("platform", in: organization, flags: ["manageVcs"])
            let path = "organization/\(organization)/team/\(team)"
            let before = try await server.get(path)
            #expect(before.attributes["manageVcs"] == true)
            #expect(before.attributes["manageWorkspace"] == false)
            #expect(before.attributes["role"] == "custom")
            let change: JSONValue = .resource("team", id: team, ["manageVcs": false, "role": "write"])
            try await #expect(server.patch(path, change).status == 204)
            let after = try await server.get(path)
            #expect(after.attributes["manageVcs"] == false)
            #expect(after.attributes["role"] == "write")
            try await #expect(server.delete(path).status == 204)
            #expect(try await server.get(path).status == 404)
        }
    }

    @Test("the name of a team is taken once in an organization, and an unknown role is refused", arguments: TestEngine.allCases)
    func rules(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let other = try await server.makeOrganization("other")
            _ = try await server.makeTeam("platform", in: organization)
            _ = try await server.makeTeam("platform", in: other)
            let path = "organization/\(organization)/team"
            try await #expect(server.post(path, .resource("team", ["name": "platform"])).status == 409)
            let odd = try await server.post(path, .resource("team", ["name": "odd", "role": "owner"]))
            #expect(odd.status == 400)
            #expect(odd.pointer == "/data/attributes/role")
            #expect(try await server.count("team_access") == 2)
        }
    }

    @Test("what a team grants begins and ends with the team", arguments: TestEngine.allCases)
    func membership(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let anna = try await server.makeUser("anna", groups: ["platform", "payments"])
            #expect(try await server.get("organization", as: anna).ids == [])
            let reading = try await server.makeTeam("platform", in: organization, role: "read")
            #expect(try await server.get("organization", as: anna).ids == [organization])
            let new: JSONValue = .resource(
                "workspace",
                ["name": "x", "source": "https://example.com/x.git", "branch": "main", "terraformVersion": "1.11.4"]
            )
            try await #expect(server.post("organization/\(organization)/workspace", new, as: anna).status == 403)
            let managing = try await server.makeTeam("payments", in: organization, flags: ["manageWorkspace"])
            try await #expect(server.post("organization/\(organization)/workspace", new, as: anna).status == 201)
            for team in [managing, reading] {
                try await #expect(server.delete("organization/\(organization)/team/\(team)").status == 204)
            }
            #expect(try await server.get("organization/\(organization)", as: anna).status == 404)
        }
    }
}
