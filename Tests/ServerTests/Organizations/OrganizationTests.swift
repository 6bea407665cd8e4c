import JSONAPI
import TestSupport
import Testing

struct OrganizationTests {
    @Test("a new organization has the five templates that clients look for", arguments: TestEngine.allCases)
    func defaultTemplates(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let templates = try await server.get("organization/\(organization)/template?sort=name")
            #expect(
                templates.values("name") == [
                    "Destroy", "Plan", "Plan and apply", "Terraform-Plan/Apply-Cli", "Terraform-Plan/Destroy-Cli",
                ]
            )
            #expect(templates.values("version").allSatisfy { $0 == "1.0.0" })
            let workspace = try await server.makeWorkspace(in: organization)
            let expected: [String: [JSONValue]] = [
                "Plan": [100], "Plan and apply": [100, 200], "Destroy": [100],
                "Terraform-Plan/Apply-Cli": [100, 150, 200], "Terraform-Plan/Destroy-Cli": [100, 150, 200],
            ]
            for (name, numbers) in expected {
                let template = try await server.template(name, in: organization)
                let job = try await server.make("job", at: "workspace/\(workspace)/job", ["templateReference": .string(template)])
                let steps = try await server.get("workspace/\(workspace)/job/\(job)/step?sort=stepNumber")
                #expect(steps.values("stepNumber") == numbers, "\(name)")
            }
        }
    }

    @Test("a name is taken once, even by an organization that is disabled", arguments: TestEngine.allCases)
    func duplicates(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let first = try await server.makeOrganization("acme")
            let other = try await server.makeOrganization("other")
            let duplicate = try await server.post("organization", .resource("organization", ["name": "acme"]))
            #expect(duplicate.status == 409)
            #expect(duplicate.detail == "An organization named acme already exists.")
            #expect(duplicate.pointer == "/data/attributes/name")
            let renamed = try await server.patch("organization/\(other)", .resource("organization", id: other, ["name": "acme"]))
            #expect(renamed.status == 409)

            try await #expect(server.patch("organization/\(first)", .resource("organization", id: first, ["disabled": true])).status == 204)
            try await #expect(server.post("organization", .resource("organization", ["name": "acme"])).status == 409)
            #expect(try await server.count("organization") == 2)
            #expect(try await server.count("template") == 10)
        }
    }

    @Test("a name becomes free when its organization is renamed, as clients do on deletion", arguments: TestEngine.allCases)
    func deletionByRenaming(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let first = try await server.makeOrganization("acme")
            let deletion: JSONValue = .resource("organization", id: first, ["disabled": true, "name": "acme_DEL_x9Zq"])
            try await #expect(server.patch("organization/\(first)", deletion).status == 204)
            let second = try await server.makeOrganization("acme")
            #expect(try await server.get("organization").ids == [second])
        }
    }

    @Test("a disabled organization is hidden with all that is in it", arguments: TestEngine.allCases)
    func softDelete(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let variable = try await server.makeVariable("region", "eu", in: workspace)
            let template = try await server.template("Plan", in: organization)
            let job = try await server.makeJob(in: workspace, flow: Flows.plan)
            let step = try await server.stepIDs(job: job)[0]
            try await #expect(
                server.patch("organization/\(organization)", .resource("organization", id: organization, ["disabled": true])).status == 204
            )
            #expect(try await server.get("organization").ids == [])
            #expect(try await server.get("workspace").ids == [])
            let paths = [
                "organization/\(organization)", "organization/\(organization)/workspace", "organization/\(organization)/template",
                "organization/\(organization)/job", "workspace/\(workspace)", "workspace/\(workspace)/variable/\(variable)",
                "workspace/\(workspace)/job", "template/\(template)", "step/\(step)",
                "/tfstate/v1/backend/\(workspace)",
                "/tfoutput/v1/organization/\(organization)/job/\(job)/step/\(step)",
            ]
            for path in paths {
                #expect(try await server.get(path).status == 404, "\(path)")
            }
            try await #expect(server.post("organization/\(organization)/workspace", .resource("workspace", ["name": "new"])).status == 404)
        }
    }

    @Test("only administrators make, change and delete organizations", arguments: TestEngine.allCases)
    func administratorsOnly(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            _ = try await server.makeTeam("platform", in: organization, role: "admin")
            let anna = try await server.makeUser("anna", groups: ["platform"])
            try await #expect(server.post("organization", .resource("organization", ["name": "mine"]), as: anna).status == 403)
            let change: JSONValue = .resource("organization", id: organization, ["name": "mine"])
            try await #expect(server.patch("organization/\(organization)", change, as: anna).status == 403)
            try await #expect(server.delete("organization/\(organization)", as: anna).status == 403)
            #expect(try await server.get("organization/\(organization)", as: anna).attributes["name"] == "acme")
        }
    }

    @Test("an organization that is in use cannot be deleted for good", arguments: TestEngine.allCases)
    func hardDelete(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            _ = try await server.makeWorkspace(in: organization)
            try await #expect(server.delete("organization/\(organization)").status == 409)
            #expect(try await server.get("organization").ids == [organization])
        }
    }
}
