import JSONAPI
import TestSupport
import Testing

struct ProjectTests {
    @Test("a workspace in a project is hidden from the rest of the organization, with all that it holds", arguments: TestEngine.allCases)
    func privacy(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let root = "organization/\(organization)"
            let project = try await server.make("project", at: "\(root)/project", ["name": "payments"])
            let hidden = try await server.makeWorkspace("hidden", in: organization, project: project)
            let open = try await server.makeWorkspace("open", in: organization)
            _ = try await server.makeVariable("secret", "s", in: hidden)
            let job = try await server.makeJob(in: hidden, flow: Flows.plan)
            _ = try await server.makeTeam("everybody", in: organization, role: "plan")
            _ = try await server.make(
                "project_access",
                at: "\(root)/project/\(project)/projectAccess",
                ["name": "insiders", "role": "read"]
            )
            let outsider = try await server.makeUser("outsider", groups: ["everybody"])
            let insider = try await server.makeUser("insider", groups: ["insiders"])

            #expect(try await server.get("workspace", as: outsider).ids == [open])
            #expect(try await server.get("\(root)/workspace", as: outsider).ids == [open])
            #expect(try await server.get("workspace", as: insider).ids == [hidden])
            #expect(try await server.get("\(root)/project", as: outsider).ids == [])
            #expect(try await server.get("\(root)/project", as: insider).ids == [project])
            #expect(try await server.get("\(root)/job", as: outsider).ids == [])
            #expect(try await server.get("\(root)/job", as: insider).ids == [String(job)])
            let step = try await server.stepIDs(job: job)[0]
            for path in [
                "workspace/\(hidden)", "\(root)/workspace/\(hidden)/variable", "\(root)/job/\(job)", "step/\(step)",
                "/tfoutput/v1/organization/\(organization)/job/\(job)/step/\(step)",
            ] {
                #expect(try await server.get(path, as: outsider).status == 404, "\(path)")
                #expect(try await server.get(path, as: insider).status == 200, "\(path)")
            }
            // Neither a filter nor an include tells of it.
            let filtered = try await server.get("\(root)?include=workspace,job&filter[organization]=workspace.name==hidden", as: outsider)
            #expect(filtered.text.contains("hidden") == false)
            #expect(try await server.get("organization?filter=workspace.name==hidden", as: outsider).ids == [])
            #expect(try await server.get("organization?filter=workspace.name==hidden", as: insider).ids == [organization])
        }
    }

    @Test("a workspace leaves its project only by the hand of those who manage all workspaces", arguments: TestEngine.allCases)
    func moving(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let root = "organization/\(organization)"
            var projects: [String] = []
            for name in ["from", "to", "foreign"] {
                let project = try await server.make("project", at: "\(root)/project", ["name": .string(name)])
                projects.append(project)
                guard name != "foreign" else { continue }
                let list = "\(root)/project/\(project)/projectAccess"
                _ = try await server.make("project_access", at: list, ["name": "movers", "role": "write"])
            }
            let workspace = try await server.makeWorkspace(in: organization, project: projects[0])
            let mover = try await server.makeUser("mover", groups: ["movers"])
            let link = "\(root)/workspace/\(workspace)/relationships/project"
            func move(to project: String?, as caller: TestServer.Caller) async throws -> Int {
                let target: JSONValue = project.map { ["data": ["type": "project", "id": .string($0)]] } ?? ["data": .null]
                return try await server.patch(link, target, as: caller).status
            }
            #expect(try await move(to: nil, as: mover) == 403)
            // The other project is not there for the mover.
            #expect(try await move(to: projects[2], as: mover) == 400)
            #expect(try await move(to: projects[1], as: mover) == 204)
            #expect(try await move(to: nil, as: .administrator) == 204)
            #expect(try await server.get("workspace/\(workspace)", as: mover).status == 404)
        }
    }

    @Test("a project with workspaces in it can't be deleted: they would come to light", arguments: TestEngine.allCases)
    func deletion(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let root = "organization/\(organization)"
            let project = try await server.make("project", at: "\(root)/project", ["name": "payments"])
            _ = try await server.make("project_access", at: "\(root)/project/\(project)/projectAccess", ["name": "insiders"])
            let workspace = try await server.makeWorkspace(in: organization, project: project)
            let refused = try await server.delete("\(root)/project/\(project)")
            #expect(refused.status == 409)
            #expect(refused.detail.contains("workspaces (1)"))
            let gone: JSONValue = .resource("workspace", id: workspace, ["deleted": true, "name": "network_DEL_1234"])
            try await #expect(server.patch("workspace/\(workspace)", gone).status == 204)
            try await #expect(server.delete("\(root)/project/\(project)").status == 204)
            #expect(try await server.count("team_access") == 0)
        }
    }

    @Test("a project of another organization, or a name taken twice, is refused", arguments: TestEngine.allCases)
    func rules(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let other = try await server.makeOrganization("other")
            let foreign = try await server.make("project", at: "organization/\(other)/project", ["name": "payments"])
            let list = "organization/\(organization)/project"
            _ = try await server.make("project", at: list, ["name": "payments"])
            try await #expect(server.post(list, .resource("project", ["name": "payments"])).status == 409)
            let workspace = try await server.makeWorkspace(in: organization)
            for type in ["project", "agent"] {
                let id =
                    type == "project"
                    ? foreign
                    : try await server.make("agent", at: "organization/\(other)/agent", ["name": "a", "url": "https://agent.example.com"])
                let answer = try await server.patch(
                    "workspace/\(workspace)",
                    .resource("workspace", id: workspace, [:], [type: .link(type, id)])
                )
                #expect(answer.status == 400)
                #expect(answer.pointer == "/data/relationships/\(type)")
            }
            for attribute in ["moduleSshKey", "defaultTemplate"] {
                let template = try await server.template("Plan", in: other)
                let change: JSONValue = .resource("workspace", id: workspace, [attribute: .string(template)])
                try await #expect(server.patch("workspace/\(workspace)", change).status == 400)
            }
        }
    }
}
