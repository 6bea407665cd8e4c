import Database
import JSONAPI
import Runs
import TestSupport
import Testing
import Wire

@testable import Server

struct RecoveryTests {
    /// How an executor loses a job that it has.
    enum Loss: String, CaseIterable, Sendable {
        case release
        case death

        func happen(to executor: FakeExecutor, _ server: TestServer, _ lease: JobLease) async throws {
            switch self {
            case .release: try await executor.control.release(lease: lease)
            case .death: try await server.server.queue.recover(node: "node-1")
            }
        }
    }

    @Test("a plan that was interrupted runs anew, with an empty log", arguments: TestEngine.allCases, Loss.allCases)
    func plan(engine: TestEngine, loss: Loss) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let job = try await server.startJob(in: workspace)
            let executor = FakeExecutor(server)
            let first = try await executor.claim()
            try await executor.control.begin(step: first.step.id, commit: "c0ffee", lease: first.lease)
            try await executor.append("half a plan", at: 0, step: first.step.id, lease: first.lease)
            try await loss.happen(to: executor, server, first.lease)
            #expect(try await server.status(job: job) == "queue")
            #expect(try await server.steps(job: job) == ["100: pending", "200: pending"])
            let second = try await executor.claim()
            #expect(second.step == first.step)
            #expect(second.commit == "c0ffee")
            try await executor.control.begin(step: second.step.id, commit: nil, lease: second.lease)
            try await executor.append("a plan", at: 0, step: second.step.id, lease: second.lease)
            let log = "/tfoutput/v1/organization/\(organization)/job/\(job)/step/\(second.step.id)"
            #expect(try await server.get(log).text == "a plan")
        }
    }

    @Test("an apply or a script that was interrupted fails the job", arguments: TestEngine.allCases, Loss.allCases)
    func apply(engine: TestEngine, loss: Loss) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            for (number, flow) in [Flows.planAndApply, Flows.script].enumerated() {
                let workspace = try await server.makeWorkspace("w\(number)", in: organization)
                let job = try await server.startJob(in: workspace, flow: flow)
                let executor = FakeExecutor(server)
                let assignment = try await executor.claim()
                var step = assignment.step
                if case .terraformPlan = step.action,
                    case .run(let apply) = try await executor.run(step, .planned(hasChanges: true), lease: assignment.lease)
                {
                    step = apply
                }
                try await executor.control.begin(step: step.id, commit: nil, lease: assignment.lease)
                try await #expect(server.lock("l", workspace, as: .token(assignment.lease.token)).status == 200)
                try await loss.happen(to: executor, server, assignment.lease)
                #expect(try await server.status(job: job) == "failed")
                #expect(try await server.steps(job: job).last?.hasSuffix("failed") == true)
                #expect(try await server.attribute("output", ofJob: job)?.string?.hasSuffix("while the step ran.") == true)
                try await #expect(server.lock("m", workspace).status == 200)
                let next = try await server.startJob(in: workspace)
                #expect(try await server.status(job: next) == "queue")
                try await #expect(server.decide("cancelled", job: next).status == 204)
            }
        }
    }

    @Test("a job that was lost between two steps goes on with the second", arguments: TestEngine.allCases, Loss.allCases)
    func betweenSteps(engine: TestEngine, loss: Loss) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.startJob(in: workspace)
            let executor = FakeExecutor(server)
            let first = try await executor.claim()
            _ = try await executor.run(first.step, .planned(hasChanges: true), lease: first.lease)
            try await loss.happen(to: executor, server, first.lease)
            #expect(try await server.status(job: job) == "queue")
            let second = try await executor.claim()
            #expect(second.step.action == .terraformApply)
            try await #expect(executor.run(second.step, .succeeded, lease: second.lease) == .stop)
            #expect(try await server.status(job: job) == "completed")
        }
    }

    @Test("a cancelled job whose executor is lost frees the workspace", arguments: TestEngine.allCases, Loss.allCases)
    func cancelled(engine: TestEngine, loss: Loss) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.startJob(in: workspace)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            try await executor.control.begin(step: assignment.step.id, commit: nil, lease: assignment.lease)
            try await #expect(server.decide("cancelled", job: job).status == 204)
            try await loss.happen(to: executor, server, assignment.lease)
            #expect(try await server.status(job: job) == "cancelled")
            #expect(try await server.steps(job: job) == ["100: cancelled", "200: cancelled"])
            let next = try await server.startJob(in: workspace)
            #expect(try await server.status(job: next) == "queue")
        }
    }

    @Test("a node takes back its own jobs only", arguments: TestEngine.allCases)
    func otherNodes(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let mine = try await server.startJob(in: try await server.makeWorkspace("mine", in: organization))
            let first = try await FakeExecutor(server, node: "node-1").claim()
            let theirs = try await server.startJob(in: try await server.makeWorkspace("theirs", in: organization))
            let second = try await FakeExecutor(server, node: "node-10").claim()
            #expect([first.lease.jobID, second.lease.jobID] == [mine, theirs])
            try await server.server.queue.recover(node: "node-1")
            #expect(try await server.status(job: mine) == "queue")
            #expect(try await server.status(job: theirs) == "running")
        }
    }

    @Test("a job that cannot be put together fails, and does not come back", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func brokenAssignment(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace("broken", in: organization)
            let variable = try await server.makeVariable("password", "x", in: workspace, ["sensitive": true])
            try await server.database.write { try $0.execute("UPDATE variable SET value = 'AAAA' WHERE id = \(variable)") }
            let broken = try await server.startJob(in: workspace)
            let good = try await server.startJob(in: try await server.makeWorkspace("good", in: organization))
            let assignment = try await FakeExecutor(server).claim()
            #expect(assignment.lease.jobID == good)
            #expect(try await server.status(job: broken) == "failed")
            #expect(try await server.steps(job: broken) == ["100: failed", "200: failed"])
            #expect(try await server.attribute("output", ofJob: broken)?.string?.hasPrefix("The job can't be put together") == true)
        }
    }
}
