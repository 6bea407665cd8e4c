import JSONAPI
import TestSupport
import Testing

struct PermissionRouteTests {
    @Test("clients learn what the caller's own groups grant, at every level", arguments: TestEngine.allCases)
    func permissions(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let access = "organization/\(organization)/workspace/\(workspace)/access"
            _ = try await server.makeTeam("platform", in: organization, flags: ["manageVcs", "planJob"])
            _ = try await server.make("access", at: access, ["name": "operators", "role": "write"])
            // What other groups may do is nothing to the caller.
            _ = try await server.make("access", at: access, ["name": "others", "role": "admin"])
            let anna = try await server.makeUser("anna", groups: ["platform", "operators"])
            let path = "/access-token/v1/teams/permissions/organization/\(organization)"
            let own = try await server.get(path, as: anna)
            #expect(own.status == 202)
            #expect(granted(own) == ["manageVcs", "planJob", "manageJob"])
            let inWorkspace = try await server.get("\(path)/workspace/\(workspace)", as: anna)
            #expect(
                granted(inWorkspace) == [
                    "manageVcs", "planJob", "manageJob", "approveJob", "manageState", "manageWorkspace", "managePermission",
                ]
            )
            #expect(try granted(await server.get(path)).count == 11)
            let groups = try await server.get("/access-token/v1/teams/current-teams", as: anna)
            #expect(groups.status == 202)
            #expect(groups.json["groups"] == ["operators", "platform"])
        }
    }

    @Test("what the caller can't see has no permissions to tell of", arguments: TestEngine.allCases)
    func strangers(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let other = try await server.makeOrganization("other")
            let workspace = try await server.makeWorkspace(in: organization)
            let stranger = try await server.makeUser("stranger", groups: ["strangers"])
            let path = "/access-token/v1/teams/permissions/organization"
            for place in ["\(organization)", "\(organization)/workspace/\(workspace)", "no-such"] {
                #expect(try await server.get("\(path)/\(place)", as: stranger).status == 404, "\(place)")
            }
            #expect(try await server.get("\(path)/\(other)/workspace/\(workspace)").status == 404)
        }
    }

    private func granted(_ answer: Answer) -> Set<String> {
        Set((answer.json.object ?? [:]).filter { $0.value == true }.keys)
    }
}
