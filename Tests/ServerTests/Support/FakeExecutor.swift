import Foundation
import Wire

@testable import Server

/// An executor that runs nothing: it claims jobs and reports whatever the test wants, through the real queue.
struct FakeExecutor: Sendable {
    let control: any RunControl
    let name: String

    init(_ server: TestServer, node: String = "node-1") {
        control = server.server.queue
        name = "\(node)/executor-1"
    }

    /// Takes the job that is queued. There must be one.
    func claim() async throws -> JobAssignment {
        try await control.claim(executor: name)
    }

    /// Begins and completes a step.
    func run(_ step: StepAssignment, _ outcome: StepResult.Outcome, lease: JobLease) async throws -> NextAction {
        try await control.begin(step: step.id, commit: nil, lease: lease)
        return try await control.complete(StepResult(stepID: step.id, outcome: outcome), lease: lease)
    }

    /// Claims a job and runs all of its steps: plans find changes, and everything ends well.
    @discardableResult
    func runJob() async throws -> NextAction {
        let assignment = try await claim()
        var step = assignment.step
        while true {
            let isPlan = step.action == .terraformPlan || step.action == .terraformPlanDestroy
            let next = try await run(step, isPlan ? .planned(hasChanges: true) : .succeeded, lease: assignment.lease)
            guard case .run(let following) = next else { return next }
            step = following
        }
    }

    func append(_ text: String, at offset: Int, step: String, lease: JobLease) async throws {
        try await control.append(LogChunk(stepID: step, offset: offset, bytes: Data(text.utf8)), lease: lease)
    }
}
