import Logging
import Synchronization
import Tools
import Wire

/// One step from its beginning to its report.
struct StepRun: Sendable {
    let kit: ExecutorKit
    let assignment: JobAssignment
    let step: StepAssignment
    let mask: SecretMask
    let interruption: Interruption
    /// The job's own directory, for a step that has to prepare it.
    let directory: JobDirectory
    /// Where the job's earlier steps ran.
    let prepared: PreparedJob?

    enum Ending: Sendable {
        /// The step was reported, and the server said how to go on.
        case reported(NextAction, PreparedJob?, PlanDocument?)
        /// The step had not begun when this executor was shut down; another one will take the job.
        case handedBack
        /// Nothing more may be said about this job.
        case abandoned
    }

    private struct Attempt: Sendable {
        var outcome: StepResult.Outcome
        var exitCode: Int?
        var prepared: PreparedJob?
        var document: PlanDocument?
    }

    /// Whether the server knows that the step has begun. Only then does it take a log.
    private final class Beginning: Sendable {
        private let state = Mutex(false)
        var hasHappened: Bool { state.withLock(\.self) }
        func happened() { state.withLock { $0 = true } }
    }

    func run() async -> Ending {
        let log = LogShipper(stepID: step.id, mask: mask)
        let beginning = Beginning()
        let result = await withTaskGroup(of: Void.self) { group in
            group.addTask { await ship(log) }
            defer { log.finish() }
            return await attempt(log, beginning)
        }
        switch interruption.reason {
        case .leaseLost:
            return .abandoned
        case .shutdown where !beginning.hasHappened:
            return .handedBack
        default:
            return await report(result)
        }
    }

    private func attempt(_ log: LogShipper, _ beginning: Beginning) async -> Attempt {
        do {
            return try await interruption.cancelling { try await work(log, beginning) }
        } catch is LeaseLost {
            interruption.fire(.leaseLost)
            return Attempt(outcome: .cancelled)
        } catch let reason as Interruption.Reason {
            return await interrupted(by: reason, log)
        } catch is CancellationError {
            interruption.fire(.shutdown)
            return await interrupted(by: .shutdown, log)
        } catch {
            return await failed(StepFailure(error), log, beginning)
        }
    }

    private func work(_ log: LogShipper, _ beginning: Beginning) async throws -> Attempt {
        let preparation = JobPreparation(kit: kit, assignment: assignment, log: log)
        let prepared: PreparedJob
        if let earlier = self.prepared {
            prepared = earlier
            try await begin(commit: earlier.commit, log, beginning)
        } else {
            prepared = try await preparation.prepare(directory) { try await begin(commit: $0, log, beginning) }
        }
        let environment = try preparation.configure(prepared)
        let work = StepWork(
            kit: kit,
            assignment: assignment,
            step: step,
            prepared: prepared,
            environment: environment,
            log: log
        )
        do {
            let ending = try await work.run()
            return Attempt(outcome: ending.outcome, exitCode: ending.exitCode, prepared: prepared, document: ending.document)
        } catch let failure as StepFailure {
            return Attempt(outcome: .failed(message: failure.message), exitCode: failure.exitCode, prepared: prepared)
        }
    }

    private func begin(commit: String?, _ log: LogShipper, _ beginning: Beginning) async throws {
        try await kit.persistently { try await kit.control.begin(step: step.id, commit: commit, lease: assignment.lease) }
        beginning.happened()
        log.open()
    }

    /// The step could not be prepared: its log says why.
    private func failed(_ failure: StepFailure, _ log: LogShipper, _ beginning: Beginning) async -> Attempt {
        let attempt = Attempt(outcome: .failed(message: failure.message), exitCode: failure.exitCode)
        await log.write(LogText.error(failure.message))
        guard !beginning.hasHappened else { return attempt }
        do {
            try await begin(commit: nil, log, beginning)
        } catch is LeaseLost {
            interruption.fire(.leaseLost)
        } catch {
            kit.logger.error("A failed step could not be begun", metadata: ["step": "\(step.id)", "error": "\(error)"])
        }
        return attempt
    }

    private func interrupted(by reason: Interruption.Reason, _ log: LogShipper) async -> Attempt {
        switch reason {
        case .cancelled, .leaseLost:
            await log.write(LogText.warning("The run was cancelled."))
            return Attempt(outcome: .cancelled)
        case .shutdown:
            let message = "The executor was shut down while this step ran."
            await log.write(LogText.error(message))
            return Attempt(outcome: .failed(message: message))
        }
    }

    private func ship(_ log: LogShipper) async {
        do {
            try await log.ship { chunk in
                try await kit.persistently { try await kit.control.append(chunk, lease: assignment.lease) }
            }
        } catch is LeaseLost {
            interruption.fire(.leaseLost)
        } catch {
            // An apply is worth more than its log.
            kit.logger.error("The log of a step is incomplete", metadata: ["step": "\(step.id)", "error": "\(error)"])
        }
    }

    private func report(_ attempt: Attempt) async -> Ending {
        let result = StepResult(stepID: step.id, outcome: attempt.outcome, exitCode: attempt.exitCode)
        do {
            let next = try await kit.persistently { try await kit.control.complete(result, lease: assignment.lease) }
            return .reported(next, attempt.prepared, attempt.document)
        } catch {
            if !(error is LeaseLost) {
                kit.logger.error("A step could not be reported", metadata: ["step": "\(step.id)", "error": "\(error)"])
            }
            return .abandoned
        }
    }
}
