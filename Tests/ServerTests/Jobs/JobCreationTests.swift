import Foundation
import JSONAPI
import TestSupport
import Testing
import Wire

struct JobCreationTests {
    @Test("a job has a number, the steps of its flow, and Terrakube's attributes", arguments: TestEngine.allCases)
    func shape(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let template = try await server.template("Plan and apply", in: organization)
            let body: JSONValue = .resource(
                "job",
                ["templateReference": .string(template), "targetAddrs": ["a.b"], "replaceAddrs": ["c.d", "module.e[\"f\"].g.h"]],
                ["workspace": .link("workspace", workspace)]
            )
            let answer = try await server.post("organization/\(organization)/job", body)
            #expect(answer.status == 201)
            #expect(answer.id == "1")
            let expected: [String: JSONValue] = [
                "status": "pending", "via": "UI", "refresh": true, "refreshOnly": false, "planChanges": true, "approvalTeam": nil,
                "templateReference": .string(template), "targetAddrs": ["a.b"], "createdBy": "admin@example.com",
            ]
            for (name, value) in expected {
                #expect(answer.attributes[name] == value, "\(name)")
            }
            #expect(answer.data?["relationships"]?["workspace"]?["data"]?["id"] == .string(workspace))
            #expect(answer.data?["relationships"]?["organization"]?["data"]?["id"] == .string(organization))
            let steps = try await server.get("organization/\(organization)/job/1/step?sort=stepNumber")
            #expect(steps.values("name") == ["Plan", "Apply"])
            #expect(steps.values("stepNumber") == [100, 200])
            #expect(steps.values("status") == ["pending", "pending"])
            let output = "\(TestServer.publicURL)/tfoutput/v1/organization/\(organization)/job/1/step/\(steps.ids[0])"
            #expect(steps.values("output")[0] == .string(output))
            let addresses = try await server.get("organization/\(organization)/job/1/address")
            #expect(Set(addresses.values("name")) == ["a.b", "c.d", "module.e[\"f\"].g.h"])
            #expect(try await server.get("workspace/\(workspace)").attributes["lastJobStatus"] == "pending")
        }
    }

    @Test("a job of another organization's template or workspace is refused", arguments: TestEngine.allCases)
    func foreignParts(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let elsewhere = try await server.makeOrganization("other")
            let own = try await server.makeWorkspace(in: organization)
            let foreign = try await server.makeWorkspace(in: elsewhere)
            let template = try await server.template("Plan", in: elsewhere)
            let withTemplate = try await server.post(
                "workspace/\(own)/job",
                .resource("job", ["templateReference": .string(template)])
            )
            #expect(withTemplate.status == 400)
            #expect(withTemplate.pointer == "/data/attributes/templateReference")
            let ownTemplate = try await server.template("Plan", in: organization)
            let withWorkspace = try await server.post(
                "organization/\(organization)/job",
                .resource("job", ["templateReference": .string(ownTemplate)], ["workspace": .link("workspace", foreign)])
            )
            #expect(withWorkspace.status == 400)
            #expect(withWorkspace.pointer == "/data/relationships/workspace")

            _ = try await server.makeTeam("platform", in: organization, role: "admin")
            let anna = try await server.makeUser("anna", groups: ["platform"])
            let hidden = try await server.post(
                "organization/\(organization)/job",
                .resource("job", ["templateReference": .string(ownTemplate)], ["workspace": .link("workspace", foreign)]),
                as: anna
            )
            #expect(hidden.status == 400)
            #expect(try await server.count("job") == 0)
            #expect(try await server.count("step") == 0)
        }
    }

    @Test("a job needs a workspace and a flow, and begins pending", arguments: TestEngine.allCases)
    func requirements(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let list = "workspace/\(workspace)/job"
            let tcl = JSONValue.string(Flows.plan.base64)
            try await #expect(server.post("organization/\(organization)/job", .resource("job", ["tcl": tcl])).status == 400)
            try await #expect(server.post(list, .resource("job")).status == 400)
            try await #expect(server.post(list, .resource("job", ["tcl": tcl, "status": "completed"])).status == 400)
            for addresses: JSONValue in [
                [""], ["a\nb"], .array(Array(repeating: "a.b", count: 501)), [.string(String(repeating: "a", count: 257))],
            ] {
                let refused = try await server.post(list, .resource("job", ["tcl": tcl, "targetAddrs": addresses]))
                #expect(refused.status == 400)
                #expect(refused.pointer == "/data/attributes/targetAddrs")
            }
            #expect(try await server.count("job") == 0)
        }
    }

    @Test("an edited or deleted template changes no job that was made", arguments: TestEngine.allCases)
    func copiedFlow(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let template = try await server.template("Plan and apply", in: organization)
            let path = "organization/\(organization)/template/\(template)"
            let job = try await server.make("job", at: "workspace/\(workspace)/job", ["templateReference": .string(template)])
            let edit: JSONValue = .resource("template", id: template, ["tcl": .string(Flows.script.base64)])
            try await #expect(server.patch(path, edit).status == 204)
            try await #expect(server.delete(path).status == 204)
            try await server.schedule(workspace)
            try await #expect(FakeExecutor(server).runJob() == .stop)
            #expect(try await server.steps(job: try #require(Int(job))) == ["100: completed", "200: completed"])
        }
    }

    @Test(
        "a flow that cannot be run makes a failed job whose step names the line",
        arguments: TestEngine.allCases,
        [
            ("flow:\n- type: terraformPlan\n  step: 100\n  name: \"Plan\n", "line "),
            ("flow:\n- type: terraformPlan\n  step: 100\n- type: terraformMagic\n  step: 200\n", "line 4: the step type terraformMagic"),
            ("flow:\n- type: terraformPlan\n", "line 2: a step needs `step`"),
            ("nothing: here\n", "line 1: there must be a list `flow`"),
        ]
    )
    func invalidFlows(engine: TestEngine, invalid: (flow: String, problem: String)) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let job = try await server.makeJob(in: workspace, flow: invalid.flow)
            #expect(try await server.status(job: job) == "failed")
            #expect(try await server.steps(job: job) == ["100: failed"])
            #expect(try await server.attribute("output", ofJob: job)?.string?.contains(invalid.problem) == true)
            let step = try await server.stepIDs(job: job)[0]
            let log = try await server.get("/tfoutput/v1/organization/\(organization)/job/\(job)/step/\(step)")
            #expect(log.text.hasPrefix("Error: \(invalid.problem)"))
            #expect(try await server.get("workspace/\(workspace)").attributes["lastJobStatus"] == "failed")

            let next = try await server.startJob(in: workspace, flow: Flows.plan)
            #expect(try await server.status(job: next) == "queue")
        }
    }

    @Test("a flow that is no base64 makes a failed job", arguments: TestEngine.allCases)
    func noBase64(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let answer = try await server.post("workspace/\(workspace)/job", .resource("job", ["tcl": "flow: []"]))
            #expect(answer.status == 201)
            #expect(answer.attributes["status"] == "failed")
        }
    }

    @Test("only reads and decisions are possible afterwards", arguments: TestEngine.allCases)
    func fixedAttributes(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace("a", in: organization)
            let other = try await server.makeWorkspace("b", in: organization)
            let job = try await server.makeJob(in: workspace, flow: Flows.plan)
            let path = "workspace/\(workspace)/job/\(job)"
            let id = String(job)
            try await #expect(server.patch(path, .resource("job", id: id, ["tcl": "x"])).status == 403)
            try await #expect(server.patch(path, .resource("job", id: id, [:], ["workspace": .link("workspace", other)])).status == 400)
            try await #expect(server.delete(path).status == 403)
            try await #expect(
                server.patch(path, .resource("job", id: id, ["comments": "mine", "output": "x", "approvalTeam": "x"])).status == 204
            )
            #expect(try await server.attribute("comments", ofJob: job) == "mine")
            #expect(try await server.attribute("output", ofJob: job) == .null)
            #expect(try await server.attribute("approvalTeam", ofJob: job) == .null)
            let step = try await server.stepIDs(job: job)[0]
            try await #expect(server.patch("step/\(step)", .resource("step", id: step, ["status": "completed"])).status == 403)
            try await #expect(server.post("\(path)/step", .resource("step", ["stepNumber": 5])).status == 403)
        }
    }
}
