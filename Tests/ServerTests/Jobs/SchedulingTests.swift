import Database
import Foundation
import JSONAPI
import TestSupport
import Testing
import Wire

@testable import Runs

struct SchedulingTests {
    @Test("one job of a workspace at a time, the oldest first; workspaces do not wait for each other", arguments: TestEngine.allCases)
    func oneAtATime(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let first = try await server.makeWorkspace("first", in: organization)
            let second = try await server.makeWorkspace("second", in: organization)
            let jobs = [try await server.startJob(in: first), try await server.startJob(in: first), try await server.startJob(in: second)]
            func statuses() async throws -> [String] {
                try await [server.status(job: jobs[0]), server.status(job: jobs[1]), server.status(job: jobs[2])]
            }
            #expect(try await statuses() == ["queue", "pending", "queue"])
            let executor = FakeExecutor(server)
            let running = try await executor.claim()
            #expect(running.lease.jobID == jobs[0])
            try await server.schedule(first)
            #expect(try await statuses() == ["running", "pending", "queue"])
            try await executor.runJob()
            #expect(try await statuses() == ["running", "pending", "completed"])
            _ = try await executor.run(running.step, .failed(message: "no"), lease: running.lease)
            try await server.schedule(first)
            #expect(try await statuses() == ["failed", "queue", "completed"])
        }
    }

    @Test("a job that waits for approval has the workspace", arguments: TestEngine.allCases)
    func waitingBlocks(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let waiting = try await server.startJob(in: workspace, flow: Flows.approved(by: nil))
            try await FakeExecutor(server).runJob()
            let next = try await server.startJob(in: workspace)
            #expect(try await server.status(job: next) == "pending")
            try await #expect(server.decide("rejected", job: waiting).status == 204)
            try await server.schedule(workspace)
            #expect(try await server.status(job: next) == "queue")
        }
    }

    @Test("a locked workspace starts nothing until it is unlocked", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func lockedWorkspace(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization(), ["locked": true])
            let job = try await server.startJob(in: workspace)
            #expect(try await server.status(job: job) == "pending")
            let wakeUps = server.database.changes()
            let unlock: JSONValue = .resource("workspace", id: workspace, ["locked": false])
            try await #expect(server.patch("workspace/\(workspace)", unlock).status == 204)
            // PostgreSQL may only just have begun to listen: then everything may have changed.
            var changes = wakeUps.filter { ($0.topic == "workspace" && $0.key == workspace) || $0 == .everything }.makeAsyncIterator()
            #expect(await changes.next() != nil)
            try await server.schedule(workspace)
            #expect(try await server.status(job: job) == "queue")
        }
    }

    @Test("a running scheduler starts what is made, approved and unlocked", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func service(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let locked = try await server.makeWorkspace("locked", in: organization, ["locked": true])
            let early = try await server.makeJob(in: locked, flow: Flows.script)
            let executor = FakeExecutor(server)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.scheduler.run() }
                let workspace = try await server.makeWorkspace("free", in: organization)
                let job = try await server.makeJob(in: workspace, flow: Flows.approved(by: nil))
                try await #expect(executor.runJob() == .pause)
                try await #expect(server.decide("approved", job: job).status == 204)
                try await #expect(executor.runJob() == .stop)
                #expect(try await server.status(job: job) == "completed")
                #expect(try await server.status(job: early) == "pending")
                try await #expect(server.patch("workspace/\(locked)", .resource("workspace", id: locked, ["locked": false])).status == 204)
                try await executor.runJob()
                #expect(try await server.status(job: early) == "completed")
                group.cancelAll()
            }
        }
    }

    @Test("a job does not start without the values of its sensitive variables", arguments: TestEngine.allCases)
    func incompleteVariables(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            for key in ["token", "password"] {
                _ = try await server.makeVariable(key, "", in: workspace, ["sensitive": true])
            }
            let job = try await server.startJob(in: workspace)
            #expect(try await server.status(job: job) == "failed")
            #expect(try await server.steps(job: job) == ["100: failed", "200: failed"])
            #expect(try await server.attribute("output", ofJob: job) == "Sensitive variables without a value: password, token")
        }
    }

    @Test("the jobs of a workspace that was deleted are cancelled", arguments: TestEngine.allCases)
    func deletedWorkspace(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let running = try await server.startJob(in: workspace)
            let pending = try await server.startJob(in: workspace)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            try await executor.control.begin(step: assignment.step.id, commit: nil, lease: assignment.lease)
            let deletion: JSONValue = .resource("workspace", id: workspace, ["deleted": true])
            try await #expect(server.patch("workspace/\(workspace)", deletion).status == 204)
            try await server.schedule(workspace)
            let statuses = try await server.database.read {
                try $0.rows("SELECT status FROM job ORDER BY id").map { try $0.get("status", as: String.self) }
            }
            #expect(statuses == ["cancelled", "cancelled"])
            // What Terraform still writes while it is stopped is kept.
            let state = try await server.write(States.state(serial: 1), to: workspace, as: .token(assignment.lease.token))
            #expect(state.status == 200)
            try await #expect(
                executor.control.complete(.init(stepID: assignment.step.id, outcome: .cancelled), lease: assignment.lease) == .stop
            )
            _ = (running, pending)
        }
    }
}
