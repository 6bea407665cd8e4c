import Foundation
import JSONAPI
import TestSupport
import Testing
import Wire

struct ProgressTests {
    @Test("plan and apply run to the end, and the workspace shows how it goes", arguments: TestEngine.allCases)
    func success(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.startJob(in: workspace)
            func lastStatus() async throws -> JSONValue? { try await server.get("workspace/\(workspace)").attributes["lastJobStatus"] }
            #expect(try await lastStatus() == "queue")
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            #expect(try await lastStatus() == "running")
            #expect(assignment.stateURL.hasSuffix("/tfstate/v1/backend/\(workspace)"))
            #expect(assignment.tool == .terraform && assignment.toolVersion == "1.11.4" && assignment.folder == "/")
            let next = try await executor.run(assignment.step, .planned(hasChanges: true), lease: assignment.lease)
            guard case .run(let apply) = next else {
                Issue.record("The apply does not follow")
                return
            }
            #expect(try await server.steps(job: job) == ["100: completed", "200: pending"])
            try await #expect(executor.run(apply, .succeeded, lease: assignment.lease) == .stop)
            #expect(try await server.status(job: job) == "completed")
            #expect(try await server.attribute("planChanges", ofJob: job) == true)
            #expect(try await lastStatus() == "completed")
            #expect(try await server.get("workspace/\(workspace)").attributes["lastJobDate"] == "2026-02-02T02:40Z")
        }
    }

    @Test("a plan without changes completes the job, and the rest is not executed", arguments: TestEngine.allCases)
    func noChanges(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.startJob(in: workspace, flow: Flows.approved(by: nil))
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            try await #expect(executor.run(assignment.step, .planned(hasChanges: false), lease: assignment.lease) == .stop)
            #expect(try await server.status(job: job) == "completed")
            #expect(try await server.attribute("planChanges", ofJob: job) == false)
            #expect(try await server.steps(job: job) == ["100: completed", "150: notExecuted", "200: notExecuted"])
        }
    }

    @Test("a failed step fails the job and all that is left of it", arguments: TestEngine.allCases)
    func failure(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.startJob(in: workspace, flow: Flows.approved(by: nil))
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            try await #expect(executor.run(assignment.step, .failed(message: "exit 1"), lease: assignment.lease) == .stop)
            #expect(try await server.status(job: job) == "failed")
            #expect(try await server.steps(job: job) == ["100: failed", "150: failed", "200: failed"])
        }
    }

    @Test("the same result again gives the same answer while the job runs", arguments: TestEngine.allCases)
    func repeatedResult(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.startJob(in: workspace)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            let lease = assignment.lease
            let result = StepResult(stepID: assignment.step.id, outcome: .planned(hasChanges: true))
            try await executor.control.begin(step: assignment.step.id, commit: nil, lease: lease)
            let first = try await executor.control.complete(result, lease: lease)
            try await #expect(executor.control.complete(result, lease: lease) == first)
            guard case .run(let apply) = first else {
                Issue.record("The apply does not follow")
                return
            }
            try await executor.control.begin(step: apply.id, commit: nil, lease: lease)
            // A copy of the report that was on its way for long must not end the step that runs now.
            try await #expect(executor.control.complete(result, lease: lease) == first)
            #expect(try await server.steps(job: job) == ["100: completed", "200: running"])
            #expect(try await server.status(job: job) == "running")
        }
    }

    @Test("a result for a step of another job is refused", arguments: TestEngine.allCases)
    func foreignStep(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace("a", in: organization)
            let job = try await server.startJob(in: workspace)
            let other = try await server.startJob(in: try await server.makeWorkspace("b", in: organization))
            let foreign = try await server.stepIDs(job: other)[0]
            let executor = FakeExecutor(server)
            let lease = try await executor.claim().lease
            let control = executor.control
            await #expect(throws: LeaseLost.self) { try await control.begin(step: foreign, commit: nil, lease: lease) }
            await #expect(throws: LeaseLost.self) { try await control.complete(.init(stepID: foreign, outcome: .succeeded), lease: lease) }
            await #expect(throws: LeaseLost.self) { try await executor.append("x", at: 0, step: foreign, lease: lease) }
            await #expect(throws: LeaseLost.self) {
                try await control.storePlan(.init(plan: .init(), lockFile: nil), step: foreign, lease: lease)
            }
            await #expect(throws: LeaseLost.self) { try await control.storePlanDocument(.init(), step: foreign, lease: lease) }
            #expect(try await server.steps(job: job) == ["100: pending", "200: pending"])
            #expect(try await server.steps(job: other) == ["100: pending", "200: pending"])
        }
    }

    @Test("the readable plan arrives after the step, and even the job, has ended", arguments: TestEngine.allCases)
    func lateDocument(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let job = try await server.startJob(in: workspace, flow: Flows.plan)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            let step = assignment.step.id
            let plan = PlanBundle(plan: .init("plan bytes".utf8), lockFile: nil)
            try await executor.control.begin(step: step, commit: nil, lease: assignment.lease)
            try await executor.control.storePlan(plan, step: step, lease: assignment.lease)
            _ = try await executor.control.complete(.init(stepID: step, outcome: .planned(hasChanges: true)), lease: assignment.lease)
            try await executor.control.storePlanDocument(.init("{\"format_version\":\"1.2\"}".utf8), step: step, lease: assignment.lease)

            let folder = "/tfstate/v1/organization/\(organization)/workspace/\(workspace)/jobId/\(job)/step/\(step)"
            #expect(try await server.get("\(folder)/terraform.tfstate").text == "plan bytes")
            #expect(try await server.get("\(folder)/plan.json").json == ["format_version": "1.2"])
            #expect(
                try await server.attribute("terraformPlan", ofJob: job) == .string("\(TestServer.publicURL)\(folder)/terraform.tfstate")
            )
            let stranger = try await server.makeUser("sam")
            #expect(try await server.get("\(folder)/terraform.tfstate", as: stranger).status == 404)
            #expect(try await server.get("\(folder)/plan.json", as: .nobody).status == 401)
            try await server.expectNowhereOnDisk("plan bytes")
        }
    }
}
