import Foundation
import Synchronization
import Wire

/// The server as an executor sees it, in memory and without mercy: what breaks the protocol is refused and noted.
final class FakeControl: RunControl {
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    struct Job {
        var assignment: JobAssignment
        let steps: [StepAssignment]
        var next = 0
        var status = Status.queued
        var commit: String?
        var plan: PlanBundle?
    }

    enum Status: Equatable {
        case queued
        case running
        case paused
        case released
        case ended
        /// Somebody else has it.
        case lost
    }

    struct Step {
        var commit: String??
        var log = Data()
        var result: StepResult?
        var document: Data?
        var isPlanStored = false

        var text: String { String(decoding: log, as: UTF8.self) }
    }

    struct State {
        var jobs: [Int: Job] = [:]
        var order: [Int] = []
        var steps: [String: Step] = [:]
        var archives: [String: Data] = [:]
        var cancelled: Set<Int> = []
        var violations: [String] = []
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastListener = 0
        /// What `sourceAccess` gives, one after the other; the last one again and again.
        var access: [SourceAccess] = []
        /// The passwords that were said to be refused.
        var refused: [String?] = []
    }

    private let state = Mutex(State())

    var violations: [String] { state.withLock(\.violations) }

    func step(_ id: String) -> Step { state.withLock { $0.steps[id] ?? Step() } }
    func job(_ id: Int) -> Job? { state.withLock { $0.jobs[id] } }

    // MARK: What the test does

    func add(archive: Data, version: String) {
        state.withLock { $0.archives[version] = archive }
    }

    func enqueue(_ assignment: JobAssignment, steps: [StepAssignment]) {
        change { state in
            state.jobs[assignment.lease.jobID] = Job(assignment: assignment, steps: steps)
            state.order.append(assignment.lease.jobID)
        }
    }

    /// Somebody approves the step that a paused job waits for.
    func approve(_ id: Int) {
        change { $0.jobs[id]?.status = .queued }
    }

    func cancel(_ id: Int) {
        change { _ = $0.cancelled.insert(id) }
    }

    func takeAway(_ id: Int) {
        change { $0.jobs[id]?.status = .lost }
    }

    func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            for listener in state.listeners.values { listener.yield() }
        }
    }

    /// Suspends until `condition` has a value.
    func wait<Value: Sendable>(until condition: @Sendable (State) -> Value?) async throws -> Value {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.lastListener += 1
            state.listeners[state.lastListener] = continuation
            return state.lastListener
        }
        defer { state.withLock { _ = $0.listeners.removeValue(forKey: id) } }
        continuation.yield()
        for await _ in stream {
            if let value = state.withLock({ condition($0) }) { return value }
        }
        throw CancellationError()
    }

    func wait(for id: Int, toBe status: Status) async throws {
        _ = try await wait { $0.jobs[id]?.status == status ? true : nil }
    }

    func wait(forLogOf step: String, toContain text: String) async throws {
        _ = try await wait { $0.steps[step]?.text.contains(text) == true ? true : nil }
    }

    // MARK: RunControl

    func claim(executor: String) async throws -> JobAssignment {
        while true {
            let id = try await wait { state in state.order.first { state.jobs[$0]?.status == .queued } }
            try Task.checkCancellation()
            let claimed: JobAssignment? = state.withLock { state in
                guard var job = state.jobs[id], job.status == .queued else { return nil }
                job.status = .running
                job.assignment = job.nextAssignment()
                state.jobs[id] = job
                return job.assignment
            }
            if let claimed { return claimed }
        }
    }

    func begin(step: String, commit: String?, lease: JobLease) async throws {
        try act(lease, step) { state, job in
            if state.steps[step] != nil { throw Violation(description: "step \(step) begins twice") }
            state.steps[step] = Step(commit: .some(commit))
            job.commit = commit
        }
    }

    func append(_ chunk: LogChunk, lease: JobLease) async throws {
        try act(lease, chunk.stepID) { state, _ in
            guard var step = state.steps[chunk.stepID] else { throw Violation(description: "output before the beginning") }
            guard chunk.offset == step.log.count else {
                throw Violation(description: "chunk at \(chunk.offset), but the log has \(step.log.count) bytes")
            }
            guard chunk.bytes.count <= 65_536, !chunk.bytes.isEmpty else {
                throw Violation(description: "a chunk of \(chunk.bytes.count) bytes")
            }
            guard String(validating: chunk.bytes, as: UTF8.self) != nil else {
                throw Violation(description: "a chunk is cut inside a character")
            }
            step.log += chunk.bytes
            state.steps[chunk.stepID] = step
        }
    }

    func complete(_ result: StepResult, lease: JobLease) async throws -> NextAction {
        try act(lease, result.stepID) { state, job in
            guard state.steps[result.stepID] != nil || result.outcome == .cancelled else {
                throw Violation(description: "the end of a step that has not begun")
            }
            state.steps[result.stepID, default: Step()].result = result
            job.next += 1
            let goesOn =
                switch result.outcome {
                case .succeeded, .planned(hasChanges: true): true
                default: false
                }
            guard goesOn, job.next < job.steps.count else {
                job.status = .ended
                return .stop
            }
            if job.steps[job.next].action == .approval {
                job.status = .paused
                return .pause
            }
            return .run(job.steps[job.next])
        }
    }

    func waitForCancellation(lease: JobLease) async throws {
        let isLost = try await wait { state -> Bool? in
            if state.cancelled.contains(lease.jobID) { return false }
            return state.jobs[lease.jobID]?.status == .lost ? true : nil
        }
        if isLost { throw LeaseLost() }
    }

    func storePlan(_ plan: PlanBundle, step: String, lease: JobLease) async throws {
        try act(lease, step) { state, job in
            job.plan = plan
            state.steps[step]?.isPlanStored = true
        }
    }

    func storedPlan(lease: JobLease) async throws -> PlanBundle {
        try act(lease, nil) { _, job in
            guard let plan = job.plan else { throw Violation(description: "no plan is stored") }
            return plan
        }
    }

    func storePlanDocument(_ json: Data, step: String, lease: JobLease) async throws {
        change { state in
            if state.jobs[lease.jobID]?.assignment.lease.epoch != lease.epoch { state.violations.append("a document of an old epoch") }
            state.steps[step]?.document = json
        }
    }

    func sourceAccess(to repository: String, refused: String?, lease: JobLease) async throws -> SourceAccess {
        try act(lease, nil) { state, _ in
            state.refused.append(refused)
            return state.access.count > 1 ? state.access.removeFirst() : state.access.first ?? .open
        }
    }

    func archive(configurationVersion: String, lease: JobLease) async throws -> Data {
        try act(lease, nil) { state, _ in
            guard let archive = state.archives[configurationVersion] else { throw Violation(description: "no such archive") }
            return archive
        }
    }

    func release(lease: JobLease) async throws {
        try act(lease, nil) { _, job in job.status = .released }
    }

    private func act<Value: Sendable>(
        _ lease: JobLease,
        _ step: String?,
        _ body: (inout State, inout Job) throws -> sending Value
    ) throws -> Value {
        var result: Result<Value, any Error>?
        change { state in
            guard var job = state.jobs[lease.jobID], job.assignment.lease == lease, job.status == .running else {
                result = .failure(LeaseLost())
                return
            }
            do {
                if let step, step != job.steps[job.next].id { throw Violation(description: "step \(step) is not the one to run") }
                let value = try body(&state, &job)
                state.jobs[lease.jobID] = job
                result = .success(value)
            } catch {
                state.violations.append("\(error)")
                // A passing error would be repeated, and this one stays.
                result = .failure(LeaseLost())
            }
        }
        guard let result else { throw LeaseLost() }
        return try result.get()
    }
}

extension FakeControl.Job {
    /// As a claim gives it: with the next epoch and what the steps so far have left.
    func nextAssignment() -> JobAssignment {
        let lease = assignment.lease
        return JobAssignment(
            lease: JobLease(jobID: lease.jobID, epoch: lease.epoch + 1, token: lease.token),
            organization: assignment.organization,
            workspace: assignment.workspace,
            source: assignment.source,
            connection: assignment.connection,
            folder: assignment.folder,
            tool: assignment.tool,
            toolVersion: assignment.toolVersion,
            environment: assignment.environment,
            variables: assignment.variables,
            options: assignment.options,
            stateURL: assignment.stateURL,
            step: steps[next],
            hasStoredPlan: plan != nil,
            commit: commit,
            credentials: assignment.credentials,
            scriptToken: assignment.scriptToken
        )
    }
}
