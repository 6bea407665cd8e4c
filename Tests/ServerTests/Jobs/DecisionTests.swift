import JSONAPI
import TestSupport
import Testing
import Wire

struct DecisionTests {
    @Test("an approved job goes on with the plan that was approved", arguments: TestEngine.allCases)
    func approval(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.startJob(in: workspace, flow: Flows.approved(by: "release"))
            let executor = FakeExecutor(server)
            let plan = try await executor.claim()
            #expect(plan.hasStoredPlan == false)
            let bundle = PlanBundle(plan: .init("plan".utf8), lockFile: .init("lock".utf8))
            try await executor.control.begin(step: plan.step.id, commit: "c0ffee", lease: plan.lease)
            try await executor.control.storePlan(bundle, step: plan.step.id, lease: plan.lease)
            let result = StepResult(stepID: plan.step.id, outcome: .planned(hasChanges: true))
            try await #expect(executor.control.complete(result, lease: plan.lease) == .pause)
            #expect(try await server.status(job: job) == "waitingApproval")
            #expect(try await server.attribute("approvalTeam", ofJob: job) == "release")
            #expect(try await server.get("workspace/\(workspace)").attributes["lastJobStatus"] == "waitingApproval")

            try await #expect(server.decide("approved", job: job).status == 204)
            #expect(try await server.steps(job: job) == ["100: completed", "150: completed", "200: pending"])
            try await server.schedule(workspace)
            let apply = try await executor.claim()
            #expect(apply.step.action == .terraformApply)
            #expect(apply.hasStoredPlan)
            #expect(apply.commit == "c0ffee")
            #expect(apply.source == .git(repository: "https://git.example.com/network.git", reference: "main", commit: "c0ffee"))
            #expect(apply.lease.epoch == plan.lease.epoch + 1)
            try await #expect(executor.control.storedPlan(lease: apply.lease) == bundle)
            try await #expect(executor.run(apply.step, .succeeded, lease: apply.lease) == .stop)
            #expect(try await server.status(job: job) == "completed")
        }
    }

    @Test("an approval with scripts runs them before what follows", arguments: TestEngine.allCases)
    func approvalScripts(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let flow = """
                flow:
                - type: approval
                  step: 10
                  commands:
                  - runtime: BASH
                    script: echo approved
                - type: terraformPlan
                  step: 20
                """
            let job = try await server.startJob(in: workspace, flow: flow)
            #expect(try await server.status(job: job) == "waitingApproval")
            try await #expect(server.decide("approved", job: job).status == 204)
            #expect(try await server.steps(job: job) == ["10: approved", "20: pending"])
            try await server.schedule(workspace)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            #expect(assignment.step.action == .approval)
            #expect(assignment.step.commands.map(\.script) == ["echo approved"])
            guard case .run(let next) = try await executor.run(assignment.step, .succeeded, lease: assignment.lease) else {
                Issue.record("The plan does not follow")
                return
            }
            #expect(next.action == .terraformPlan)
        }
    }

    @Test("only the appointed team decides; without a team whoever sees the job", arguments: TestEngine.allCases)
    func teams(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            for name in ["release", "readers"] { _ = try await server.makeTeam(name, in: organization, role: "read") }
            let release = try await server.makeUser("rita", groups: ["release"])
            let reader = try await server.makeUser("rob", groups: ["readers"])
            let stranger = try await server.makeUser("sam", groups: ["nobody"])
            let guarded = try await server.makeWaitingJob(named: "guarded", in: organization, team: "release")
            let open = try await server.makeWaitingJob(named: "open", in: organization, team: nil)
            for status in ["approved", "rejected"] {
                let refused = try await server.decide(status, job: guarded, as: reader)
                #expect(refused.status == 403)
                #expect(refused.detail.contains("release"))
                try await #expect(server.decide(status, job: guarded, as: stranger).status == 404)
            }
            #expect(try await server.status(job: guarded) == "waitingApproval")
            try await #expect(server.decide("cancelled", job: guarded, as: release).status == 403)
            try await #expect(server.decide("approved", job: guarded, as: release).status == 204)
            try await #expect(server.decide("rejected", job: open, as: reader).status == 204)
        }
    }

    @Test("a rejected job ends, and nothing that is left of it runs", arguments: TestEngine.allCases)
    func rejection(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let job = try await server.makeWaitingJob(in: organization, team: nil)
            try await #expect(server.decide("rejected", job: job).status == 204)
            #expect(try await server.status(job: job) == "rejected")
            #expect(try await server.steps(job: job) == ["100: completed", "150: failed", "200: failed"])
            let workspace = try await server.get("organization/\(organization)/workspace")
            #expect(workspace.values("lastJobStatus") == ["rejected"])
        }
    }

    @Test(
        "a job that no executor has is cancelled at once",
        arguments: TestEngine.allCases,
        ["pending", "queue", "waitingApproval", "approved"]
    )
    func cancellation(engine: TestEngine, status: String) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let job = try await server.makeJob(in: workspace, flow: Flows.approved(by: nil))
            if status != "pending" { try await server.schedule(workspace) }
            if status == "waitingApproval" || status == "approved" { try await FakeExecutor(server).runJob() }
            if status == "approved" { _ = try await server.decide("approved", job: job) }
            try #require(try await server.status(job: job) == status)
            try await #expect(server.decide("cancelled", job: job).status == 204)
            #expect(try await server.status(job: job) == "cancelled")
            #expect(try await server.steps(job: job).allSatisfy { $0.hasSuffix("cancelled") || $0.hasSuffix("completed") })
            #expect(try await server.steps(job: job).last == "200: cancelled")
            let next = try await server.startJob(in: workspace)
            #expect(try await server.status(job: next) == "queue")
        }
    }

    @Test("a running job that is cancelled keeps the workspace until its executor has wound it down", arguments: TestEngine.allCases)
    func cancellingRunning(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let job = try await server.startJob(in: workspace)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            let lease = assignment.lease
            try await executor.control.begin(step: assignment.step.id, commit: nil, lease: lease)
            try await #expect(server.lock("l1", workspace, as: .token(lease.token)).status == 200)

            async let notice: Void = executor.control.waitForCancellation(lease: lease)
            try await #expect(server.decide("cancelled", job: job).status == 204)
            try await notice
            #expect(try await server.status(job: job) == "cancelled")
            #expect(try await server.steps(job: job) == ["100: running", "200: cancelled"])
            let next = try await server.startJob(in: workspace)
            #expect(try await server.status(job: next) == "pending")

            try await executor.append("interrupted\n", at: 0, step: assignment.step.id, lease: lease)
            try await #expect(server.write(States.state(serial: 1), to: workspace, lock: "l1", as: .token(lease.token)).status == 200)
            try await #expect(executor.control.complete(.init(stepID: assignment.step.id, outcome: .cancelled), lease: lease) == .stop)
            #expect(try await server.steps(job: job) == ["100: cancelled", "200: cancelled"])
            try await #expect(server.lock("l2", workspace).status == 200)
            try await server.schedule(workspace)
            #expect(try await server.status(job: next) == "queue")
        }
    }

    @Test("a job that is cancelled before its step began is completed without it", arguments: TestEngine.allCases)
    func cancellingBeforeBegin(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.startJob(in: workspace)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            try await #expect(server.decide("cancelled", job: job).status == 204)
            // An executor that has not heard of it yet.
            try await executor.control.begin(step: assignment.step.id, commit: nil, lease: assignment.lease)
            #expect(try await server.steps(job: job) == ["100: cancelled", "200: cancelled"])
            let result = StepResult(stepID: assignment.step.id, outcome: .cancelled)
            try await #expect(executor.control.complete(result, lease: assignment.lease) == .stop)
            #expect(try await server.status(job: job) == "cancelled")
        }
    }

    @Test("what a job cannot become is refused, and changes nothing", arguments: TestEngine.allCases)
    func illegalTransitions(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let job = try await server.startJob(in: workspace, flow: Flows.approved(by: nil))
            func expectRefused(_ statuses: [String], with code: Int) async throws {
                let before = try await (server.status(job: job), server.steps(job: job))
                for status in statuses {
                    let refused = try await server.decide(status, job: job)
                    #expect(refused.status == code, "\(before.0) → \(status)")
                    #expect(refused.pointer == "/data/attributes/status")
                }
                #expect(try await (server.status(job: job), server.steps(job: job)) == before)
            }
            let forMachines = ["pending", "running", "completed", "failed", "noChanges", "notExecuted", "unknown", "NeverExecuted"]
            try await expectRefused(["approved", "rejected"], with: 409)
            try await expectRefused(forMachines + ["waitingApproval"], with: 400)
            try await expectRefused(["sleeping", "Cancelled"], with: 400)
            try await FakeExecutor(server).runJob()
            try await expectRefused(forMachines + ["queue"], with: 400)
            try await #expect(server.decide("rejected", job: job).status == 204)
            try await expectRefused(["approved", "cancelled"], with: 409)
            try await expectRefused(["completed", "pending"], with: 400)
        }
    }

    @Test("of many decisions at the same moment, one counts", arguments: TestEngine.allCases)
    func race(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let job = try await server.makeWaitingJob(in: try await server.makeOrganization(), team: nil)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    group.addTask { try await server.decide(number.isMultiple(of: 2) ? "approved" : "rejected", job: job).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            // The same decision again is no change.
            let final = try await server.status(job: job)
            #expect(["approved", "rejected"].contains(final))
            #expect(statuses.filter { $0 == 204 }.count <= 4)
            #expect(statuses.filter { $0 == 409 }.count >= 4)
        }
    }
}
