import Foundation
import HTTPTypes
import JSONAPI
import Runs
import TestSupport
import Testing
import Wire

@testable import Server

struct FencingTests {
    @Test("of many executors that wait, exactly one gets a job", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func claiming(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let control = server.server.queue
            let claimed = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    group.addTask { try await control.claim(executor: "node/\(number)").lease.jobID }
                }
                for number in 0..<8 {
                    _ = try await server.startJob(in: try await server.makeWorkspace("w\(number)", in: organization))
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(claimed.sorted() == Array(1...8))
        }
    }

    @Test("waiting for a job ends when the task is cancelled, and takes none", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func cancelledClaim(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let control = server.server.queue
            let waiting = Task { try await control.claim(executor: "node/1") }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            let job = try await server.startJob(in: try await server.makeWorkspace(in: try await server.makeOrganization()))
            #expect(try await server.status(job: job) == "queue")
        }
    }

    @Test("a claim that is cancelled leaves no job behind that nobody runs", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func interruptedClaims(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let control = server.server.queue
            for number in 0..<30 {
                let job = try await server.startJob(in: try await server.makeWorkspace("w\(number)", in: organization))
                let claim = Task { try await control.claim(executor: "node/1") }
                for _ in 0..<(number * 3) { await Task.yield() }
                claim.cancel()
                let status: String
                switch await claim.result {
                case .success(let assignment):
                    #expect(assignment.lease.jobID == job)
                    status = "running"
                    try await control.release(lease: assignment.lease)
                case .failure:
                    status = "queue"
                }
                #expect(try await server.status(job: job) == "queue", "after a claim that ended \(status)")
                try await #expect(server.decide("cancelled", job: job).status == 204)
            }
        }
    }

    @Test("after a job was taken over, the first executor is refused everywhere", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func staleEpoch(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let job = try await server.startJob(in: workspace)
            let stale = FakeExecutor(server, node: "dead")
            let old = try await stale.claim()
            try await stale.control.begin(step: old.step.id, commit: nil, lease: old.lease)
            try await #expect(server.lock("old", workspace, as: .token(old.lease.token)).status == 200)
            try await #expect(server.write(States.state(serial: 1), to: workspace, lock: "old", as: .token(old.lease.token)).status == 200)
            try await server.server.queue.recover(node: "dead")
            let new = try await FakeExecutor(server, node: "alive").claim()
            #expect(new.lease.epoch == old.lease.epoch + 1)
            #expect(new.step == old.step)

            try await expectLost(stale.control, old)
            let token = TestServer.Caller.token(old.lease.token)
            for answer in [
                try await server.currentState(workspace, as: token), try await server.lock("x", workspace, as: token),
                try await server.unlock("old", workspace, as: token),
                try await server.write(States.state(serial: 2), to: workspace, lock: "old", as: token),
                try await server.send(.unlock, "/tfstate/v1/backend/\(workspace)", Data(), as: token),
            ] {
                #expect(answer.status == 401)
            }
            #expect(try await server.count("history") == 1)
            #expect(try await server.steps(job: job) == ["100: pending", "200: pending"])
            // The lock that the dead one held went with its lease.
            try await #expect(server.lock("new", workspace, as: .token(new.lease.token)).status == 200)
            try await #expect(
                server.write(States.state(serial: 2), to: workspace, lock: "new", as: .token(new.lease.token)).status == 200
            )
        }
    }

    @Test("after a job has ended, its executor is refused everywhere", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func endedLease(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            _ = try await server.startJob(in: workspace, flow: Flows.script)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            try await #expect(executor.run(assignment.step, .succeeded, lease: assignment.lease) == .stop)
            try await expectLost(executor.control, assignment)
            let token = TestServer.Caller.token(assignment.lease.token)
            try await #expect(server.write(States.state(serial: 1), to: workspace, as: token).status == 401)
        }
    }

    @Test("the token of a job opens the state of its workspace and nothing else", arguments: TestEngine.allCases)
    func jobToken(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace("own", in: organization)
            let other = try await server.makeWorkspace("other", in: organization)
            try await #require(server.write(States.state(serial: 1), to: other).status == 200)
            let job = try await server.startJob(in: workspace)
            let assignment = try await FakeExecutor(server).claim()
            let token = TestServer.Caller.token(assignment.lease.token)
            try await #expect(server.write(States.state(serial: 1), to: workspace, as: token).status == 200)
            #expect(try await server.currentState(workspace, as: token).body == States.state(serial: 1))
            let version = try await server.get("workspace/\(workspace)/history")
            #expect(version.values("jobReference") == [.string(String(job))])

            #expect(try await server.currentState(other, as: token).status == 403)
            try await #expect(server.lock("x", other, as: token).status == 403)
            try await #expect(server.write(States.state(serial: 2), to: other, as: token).status == 403)
            #expect(try await server.get("organization", as: token).ids == [])
            #expect(try await server.get("workspace/\(workspace)", as: token).status == 404)
            #expect(try await server.get("/pat/v1", as: token).status == 403)
            try await #expect(server.send(.post, "/pat/v1", Data("{}".utf8), as: token).status == 403)
            try await #expect(server.announceUpload(to: workspace, as: token).status == 404)
            #expect(try await server.count("history") == 2)
        }
    }

    private func expectLost(_ control: any RunControl, _ assignment: JobAssignment) async throws {
        let (step, lease) = (assignment.step.id, assignment.lease)
        await #expect(throws: LeaseLost.self, "begin") { try await control.begin(step: step, commit: nil, lease: lease) }
        await #expect(throws: LeaseLost.self, "append") {
            try await control.append(.init(stepID: step, offset: 0, bytes: .init("x".utf8)), lease: lease)
        }
        await #expect(throws: LeaseLost.self, "complete") {
            try await control.complete(.init(stepID: step, outcome: .succeeded), lease: lease)
        }
        await #expect(throws: LeaseLost.self, "wait") { try await control.waitForCancellation(lease: lease) }
        await #expect(throws: LeaseLost.self, "storePlan") {
            try await control.storePlan(.init(plan: .init("x".utf8), lockFile: nil), step: step, lease: lease)
        }
        await #expect(throws: LeaseLost.self, "storedPlan") { _ = try await control.storedPlan(lease: lease) }
        await #expect(throws: LeaseLost.self, "archive") { _ = try await control.archive(configurationVersion: "x", lease: lease) }
        await #expect(throws: LeaseLost.self, "release") { try await control.release(lease: lease) }
    }
}
