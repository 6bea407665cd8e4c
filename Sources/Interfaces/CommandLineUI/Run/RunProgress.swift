/// What to do next about a job that is followed: a pure decision from what the server says and what was shown so far.
///
/// Each step is followed once, then reported once, in the order of the steps.
struct RunProgress: Sendable {
    enum Next: Sendable, Equatable {
        /// Show the step's log until the step ends, then look again.
        case follow(Job.Step)
        /// Tell how a step ended, then ask again.
        case report(Job.Step, Outcome)
        /// Somebody has to decide about the job.
        case decide
        /// Look again in a moment.
        case wait
        case end(JobStatus)
    }

    enum Outcome: Sendable, Equatable {
        case succeeded
        case failed
        case cancelled
        /// It was never its turn.
        case skipped
    }

    private var followed: Set<String> = []
    private var reported: Set<String> = []
    /// A step ended badly; the server marks those after it like it, though they never ran.
    private var isBroken = false

    mutating func next(_ job: Job) -> Next {
        guard let step = job.steps?.first(where: { reported.contains($0.id) == false }) else {
            return job.status.isFinal ? .end(job.status) : .wait
        }
        guard step.status.isFinal else { return next(open: step, of: job) }
        if isBroken || step.status == .notExecuted || job.status == .rejected {
            reported.insert(step.id)
            return .report(step, .skipped)
        }
        // It may have ended before we looked: then its log comes at once.
        if followed.insert(step.id).inserted { return .follow(step) }
        reported.insert(step.id)
        let outcome = Self.outcome(step.status)
        isBroken = outcome != .succeeded
        return .report(step, outcome)
    }

    private mutating func next(open step: Job.Step, of job: Job) -> Next {
        switch job.status {
        case .waitingApproval:
            return .decide
        case .running:
            // An executor has the job, so the step that is open runs or is about to: its log can be waited for.
            return followed.insert(step.id).inserted ? .follow(step) : .wait
        default:
            return job.status.isFinal ? .end(job.status) : .wait
        }
    }

    private static func outcome(_ status: JobStatus) -> Outcome {
        switch status {
        case .completed, .noChanges: .succeeded
        case .cancelled: .cancelled
        default: .failed
        }
    }
}
