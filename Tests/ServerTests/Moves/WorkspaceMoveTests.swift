import Database
import Foundation
import HTTPTypes
import JSONAPI
import Runs
import Service
import TestSupport
import Testing
import Wire

@testable import Server

struct WorkspaceMoveTests {
    /// A workspace with state, a job with a plan, and everything that belongs to its organization.
    struct Fixture: Sendable {
        let server: TestServer
        let old: String
        let new: String
        let workspace: String
        let job: Int
        let plan: String

        var target: String { "/migrate/v1/workspace/\(workspace)/moveTo/\(new)" }

        init(_ server: TestServer) async throws {
            self.server = server
            old = try await server.makeOrganization("old")
            new = try await server.makeOrganization("new")
            workspace = try await server.makeWorkspace(in: old)
            let root = "organization/\(old)"
            let vcs = try await server.make("vcs", at: "\(root)/vcs", Credentials.vcs)
            let ssh = try await server.make("ssh", at: "\(root)/ssh", Credentials.ssh)
            let tag = try await server.make("tag", at: "\(root)/tag", ["name": "prod"])
            let template = try await server.template("Plan", in: old)
            let attributes: [String: JSONValue] = ["defaultTemplate": .string(template), "moduleSshKey": .string(ssh)]
            let links = ["vcs": JSONValue.link("vcs", vcs), "ssh": .link("ssh", ssh)]
            let change: JSONValue = .resource("workspace", id: workspace, attributes, links)
            try await #require(server.patch("workspace/\(workspace)", change).status == 204)
            _ = try await server.make("workspacetag", at: "workspace/\(workspace)/workspaceTag", ["tagId": .string(tag)])
            _ = try await server.make(
                "schedule",
                at: "workspace/\(workspace)/schedule",
                ["cron": "0 * * * *", "templateReference": .string(template)]
            )
            let webhook: JSONValue = .resource("webhook", id: server.persistence.ids.next(), ["migratedV2": true])
            try await #require(server.post("workspace/\(workspace)/webhook", webhook).status == 201)
            for (name, templates) in [("all", []), ("plans", [template])] as [(String, [String])] {
                let links = templates.map { JSONValue.object(["type": "template", "id": .string($0)]) }
                let notification: JSONValue = .resource(
                    "notification_configuration",
                    ["name": .string(name), "channelType": "SLACK", "destinationUrl": "https://hooks.slack.com/services/x"],
                    ["templates": ["data": .array(links)]]
                )
                try await #require(server.post("workspace/\(workspace)/notificationConfiguration", notification).status == 201)
            }
            _ = try await server.makeVariable("region", "eu", in: workspace)
            try await #require(server.write(States.state(serial: 1), to: workspace).status == 200)
            job = try await server.startJob(in: workspace, flow: Flows.plan)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            try await executor.control.begin(step: assignment.step.id, commit: nil, lease: assignment.lease)
            try await executor.append("hello\n", at: 0, step: assignment.step.id, lease: assignment.lease)
            try await executor.control.storePlan(
                PlanBundle(plan: Data("plan".utf8), lockFile: nil),
                step: assignment.step.id,
                lease: assignment.lease
            )
            let result = StepResult(stepID: assignment.step.id, outcome: .planned(hasChanges: true))
            _ = try await executor.control.complete(result, lease: assignment.lease)
            plan = "workspace/\(workspace)/jobId/\(job)/step/\(assignment.step.id)/terraform.tfstate"
        }

        func move(as caller: TestServer.Caller = .administrator) async throws -> Int {
            try await server.send(.post, target, as: caller).status
        }
    }

    @Test("a workspace moves with its jobs, variables and states, and without what belongs to others", arguments: TestEngine.allCases)
    func moving(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await Fixture(server)
            let workspace = "organization/\(fixture.new)/workspace/\(fixture.workspace)"
            let answer = try await server.send(.post, fixture.target)
            #expect(answer.status == 200)
            #expect(answer.text == "")
            #expect(try await server.get("organization/\(fixture.old)/workspace").ids == [])
            #expect(try await server.get("organization/\(fixture.old)/job").ids == [])
            #expect(try await server.get("organization/\(fixture.new)/job").ids == [String(fixture.job)])
            let moved = try await server.get(workspace)
            #expect(moved.attributes["defaultTemplate"] == .null)
            #expect(moved.attributes["moduleSshKey"] == .null)
            for link in ["vcs", "ssh"] { #expect(moved.data?["relationships"]?[link]?["data"] == .null) }
            #expect(moved.data?["relationships"]?["workspaceTag"]?["data"] == [])
            #expect(try await server.get("\(workspace)/variable").values("key") == ["region"])
            #expect(try await server.count("webhook") == 0)
            let notifications = try await server.get("organization/\(fixture.new)/notificationConfiguration?sort=name")
            #expect(notifications.values("name") == ["all", "plans"])
            #expect(notifications.values("active") == [true, false])
            #expect(try await server.count("notification_configuration_template") == 0)

            #expect(try await server.currentState(fixture.workspace).body == States.state(serial: 1))
            let history = try await server.get("\(workspace)/history")
            let output = try #require(history.values("output").first?.string)
            #expect(output.contains("/organization/\(fixture.new)/workspace/"))
            #expect(try await server.get(String(output.dropFirst(TestServer.publicURL.count))).status == 200)
            try await #expect(server.write(States.state(serial: 2), to: fixture.workspace).status == 200)
            #expect(try await server.currentState(fixture.workspace).body == States.state(serial: 2))

            let job = try await server.get("\(workspace)/job/\(fixture.job)")
            #expect(job.attributes["templateReference"] == .null)
            let plan = try #require(job.attributes["terraformPlan"]?.string)
            #expect(plan.hasSuffix("/organization/\(fixture.new)/\(fixture.plan)"))
            #expect(try await server.get(String(plan.dropFirst(TestServer.publicURL.count))).text == "plan")
            let log = try #require(try await server.get("\(workspace)/job/\(fixture.job)/step").values("output").first?.string)
            #expect(log.contains("/organization/\(fixture.new)/"))
            #expect(try await server.get(String(log.dropFirst(TestServer.publicURL.count))).text == "hello\n")

            let schedules = try await server.get("\(workspace)/schedule")
            #expect(schedules.values("enabled") == [false])
            #expect(schedules.values("templateReference") == [.null])
            #expect(schedules.values("nextFire") == [.null])
            server.clock.advance(seconds: 86_400)
            try await #expect(server.server.schedules.fire())
            #expect(try await server.count("job") == 1)

            // A client may repeat itself.
            #expect(try await fixture.move() == 200)
            let back = "/migrate/v1/workspace/\(fixture.workspace)/moveTo/\(fixture.old)"
            try await #expect(server.send(.post, back).status == 200)
            #expect(try await server.currentState(fixture.workspace).body == States.state(serial: 2))
        }
    }

    @Test("what runs, is locked, or whose name is taken does not move", arguments: TestEngine.allCases)
    func refusals(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await Fixture(server)
            let path = "workspace/\(fixture.workspace)"
            func set(_ attributes: [String: JSONValue]) async throws {
                try await #require(server.patch(path, .resource("workspace", id: fixture.workspace, attributes)).status == 204)
            }
            try await set(["locked": true])
            #expect(try await fixture.move() == 409)
            try await set(["locked": false])

            try await #require(server.lock("mine", fixture.workspace).status == 200)
            #expect(try await fixture.move() == 409)
            try await #require(server.unlock("mine", fixture.workspace).status == 200)

            let job = try await server.startJob(in: fixture.workspace, flow: Flows.script)
            #expect(try await fixture.move() == 409)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            try await #require(server.decide("cancelled", job: job).status == 204)
            // The executor still winds it down.
            #expect(try await fixture.move() == 409)
            _ = try await executor.control.complete(.init(stepID: assignment.step.id, outcome: .cancelled), lease: assignment.lease)

            let other = try await server.makeWorkspace(in: fixture.new)
            #expect(try await fixture.move() == 409)
            try await #require(server.patch("workspace/\(other)", .resource("workspace", id: other, ["deleted": true])).status == 204)
            #expect(try await fixture.move() == 409)
            try await set(["name": "another"])
            #expect(try await server.get("organization/\(fixture.old)/workspace").ids == [fixture.workspace])
            #expect(try await fixture.move() == 200)
        }
    }

    @Test("moving takes manageWorkspace in both organizations", arguments: TestEngine.allCases)
    func access(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await Fixture(server)
            for organization in [fixture.old, fixture.new] {
                _ = try await server.makeTeam("readers", in: organization, role: "read")
                _ = try await server.makeTeam("movers", in: organization, flags: ["manageWorkspace"])
            }
            _ = try await server.makeTeam("old-movers", in: fixture.old, flags: ["manageWorkspace"])
            _ = try await server.makeTeam("new-movers", in: fixture.new, flags: ["manageWorkspace"])
            func status(_ groups: [String]) async throws -> Int {
                try await fixture.move(as: try await server.makeUser(groups.joined(separator: "-"), groups: groups))
            }
            let access: [String: JSONValue] = ["name": "own-movers", "role": "admin"]
            _ = try await server.make("access", at: "workspace/\(fixture.workspace)/access", access)
            #expect(try await status(["own-movers", "new-movers"]) == 403)
            #expect(try await fixture.move(as: .nobody) == 401)
            #expect(try await status(["none"]) == 404)
            #expect(try await status(["old-movers"]) == 404)
            #expect(try await status(["new-movers"]) == 404)
            #expect(try await status(["readers"]) == 403)
            #expect(try await status(["readers", "old-movers"]) == 403)
            #expect(try await status(["readers", "new-movers"]) == 403)
            for odd in ["workspace/none/moveTo/\(fixture.new)", "workspace/\(fixture.workspace)/moveTo/none"] {
                #expect(try await server.send(.post, "/migrate/v1/\(odd)").status == 404)
            }
            #expect(try await server.get("organization/\(fixture.old)/workspace").ids == [fixture.workspace])
            #expect(try await status(["movers"]) == 200)
        }
    }
}
