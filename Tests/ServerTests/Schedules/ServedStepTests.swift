import Database
import JSONAPI
import TestSupport
import Testing
import Wire

@testable import Runs

struct ServedStepTests {
    private static let ephemeral = """
        flow:
        - type: terraformApply
          step: 100
          name: Apply
        - type: scheduleTemplates
          step: 200
          templates:
          - name: Destroy
            schedule: "0 0/5 * ? * * *"
        - type: customScripts
          step: 300
          commands:
          - runtime: BASH
            script: "true"
        """

    @Test("a flow schedules templates of its organization, and goes on", arguments: TestEngine.allCases)
    func scheduling(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let job = try await start(Self.ephemeral, in: fixture)
            #expect(try await FakeExecutor(server).runJob() == .stop)
            #expect(try await server.steps(job: job) == ["100: completed", "200: completed", "300: completed"])
            let destroy = try await server.template("Destroy", in: fixture.organization)
            let schedules = try await server.get(fixture.list)
            #expect(schedules.values("templateReference") == [.string(destroy)])
            #expect(schedules.values("nextFire") == ["2026-02-02T02:45Z"])

            // Once more: the schedule is there already.
            _ = try await start(Self.ephemeral.replacing("0/5", with: "0/7"), in: fixture)
            try await FakeExecutor(server).runJob()
            #expect(try await server.get(fixture.list).values("nextFire") == ["2026-02-02T02:42Z"])
            server.clock.advance(seconds: 600)
            try await fixture.fire()
            #expect(try await server.steps(job: 3) == ["100: pending"])
        }
    }

    @Test("a flow that needs no executor runs without one", arguments: TestEngine.allCases)
    func serverOnly(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let flow = "flow:\n- {type: scheduleTemplates, step: 1, templates: [{name: Plan, schedule: '@daily'}]}"
            let job = try await start(flow, in: fixture)
            #expect(try await server.status(job: job) == "completed")
            #expect(try await server.get(fixture.list).values("nextFire") == ["2026-02-03T00:00Z"])
        }
    }

    @Test("a template that is not there, and a time that never comes, fail the job and schedule nothing", arguments: TestEngine.allCases)
    func failing(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            for (entry, problem) in [
                ("{name: None, schedule: '@daily'}", "There is no template None in this organization."),
                ("{name: Plan, schedule: '0 0 30 2 *'}", "The schedule 0 0 30 2 * of the template Plan never fires again."),
            ] {
                let flow = "flow:\n- {type: scheduleTemplates, step: 1, templates: [{name: Destroy, schedule: '@daily'}, \(entry)]}"
                let job = try await start(flow, in: fixture)
                #expect(try await server.status(job: job) == "failed")
                #expect(try await server.attribute("output", ofJob: job) == .string(problem))
                let step = try await server.stepIDs(job: job)[0]
                let log = "/tfoutput/v1/organization/\(fixture.organization)/job/\(job)/step/\(step)"
                #expect(try await server.get(log).text == "Error: \(problem)\n")
            }
            #expect(try await server.count("schedule") == 0)
        }
    }

    @Test("a flow takes its workspace away when it is done", arguments: TestEngine.allCases)
    func disabling(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            _ = try await fixture.make()
            let flow = """
                flow:
                - {type: terraformDestroy, step: 100}
                - {type: disableWorkspace, step: 200}
                - {type: terraformPlan, step: 300}
                """
            let job = try await start(flow, in: fixture)
            let waiting = try await server.makeJob(in: fixture.workspace, flow: Flows.plan)
            #expect(try await FakeExecutor(server).runJob() == .stop)
            #expect(try await server.get("workspace/\(fixture.workspace)").status == 404)
            #expect(try await server.count("schedule") == 0)
            try await server.schedule(fixture.workspace)
            let jobs = try await server.database.read { try [job, waiting].compactMap(JobStore($0).find).map(\.status) }
            #expect(jobs == [.completed, .cancelled])
            let steps = try await server.database.read { try JobStore($0).steps(job: job).map(\.status) }
            #expect(steps == [.completed, .completed, .notExecuted])
            // The name is free again.
            _ = try await server.makeWorkspace("network", in: fixture.organization)
        }
    }

    @Test("a flow that was sent with the job may neither schedule nor delete", arguments: TestEngine.allCases)
    func ownFlow(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            for step in [
                "{type: disableWorkspace, step: 1}", "{type: scheduleTemplates, step: 1, templates: [{name: Plan, schedule: '@daily'}]}",
            ] {
                let job = try await server.startJob(in: fixture.workspace, flow: "flow:\n- \(step)")
                #expect(try await server.status(job: job) == "failed")
            }
            #expect(try await server.count("schedule") == 0)
            #expect(try await server.get("workspace/\(fixture.workspace)").status == 200)
        }
    }

    @Test(
        "a broken scheduleTemplates names the line",
        arguments: [
            ("- {type: scheduleTemplates, step: 1}", 2),
            ("- {type: scheduleTemplates, step: 1, templates: []}", 2),
            ("- type: scheduleTemplates\n  step: 1\n  templates:\n  - name: Plan", 5),
            ("- type: scheduleTemplates\n  step: 1\n  templates:\n  - name: Plan\n    schedule: 99 * * * *", 6),
        ]
    )
    func parsing(step: String, line: Int) {
        let error = #expect(throws: FlowError.self) { try FlowParser().parse(yaml: "flow:\n\(step)\n") }
        #expect(error?.line == line)
    }

    /// Starts a job of a new template.
    private func start(_ flow: String, in fixture: ScheduleFixture) async throws -> Int {
        let server = fixture.server
        let template = try await server.make(
            "template",
            at: "organization/\(fixture.organization)/template",
            ["name": "own", "tcl": .string(flow.base64)]
        )
        let job = try await server.make(
            "job",
            at: "workspace/\(fixture.workspace)/job",
            ["templateReference": .string(template)]
        )
        try await server.schedule(fixture.workspace)
        return try #require(Int(job))
    }
}
