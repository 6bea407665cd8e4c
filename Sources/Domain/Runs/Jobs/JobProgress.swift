/// What happens to a job when one of its steps ends, or when it may begin: pure decisions.
enum JobProgress {
    /// A step of a job as far as its progress matters.
    struct Step: Equatable {
        let number: Int
        let status: JobStatus
    }

    enum Next: Equatable {
        /// An executor runs this step.
        case run(step: Int)
        /// The server does this step itself, at once.
        case serve(step: Int)
        /// A person of this team decides; nil is anybody who can see the job.
        case wait(step: Int, team: String?)
        /// The job ends like this, and what is left of its steps like that.
        case end(JobStatus, rest: JobStatus)
    }

    /// How a step ended.
    enum Ending: Equatable {
        case succeeded
        case planned(hasChanges: Bool)
        case failed
        case cancelled
    }

    /// The first step that has not ended decides.
    static func next(flow: Flow, steps: [Step], isAutoApplied: Bool) -> Next {
        let open = steps.filter { $0.status.isFinal == false }.min { $0.number < $1.number }
        guard let open, let entry = flow.step(number: open.number) else { return .end(.completed, rest: .notExecuted) }
        switch entry.kind {
        case .action:
            return .run(step: open.number)
        case .server:
            return .serve(step: open.number)
        case .approval(let team):
            // An approved step that is still open has scripts to run, or runs them.
            let isDecided = isAutoApplied || open.status != .pending
            return isDecided ? .run(step: open.number) : .wait(step: open.number, team: team)
        }
    }

    /// What follows a step. A plan without changes ends the job well, a failure ends it badly; nothing that is left of
    /// the flow runs then (executor.md §1.7).
    static func next(after ending: Ending, flow: Flow, steps: [Step], isAutoApplied: Bool) -> Next {
        switch ending {
        case .planned(hasChanges: false): .end(.completed, rest: .notExecuted)
        case .failed: .end(.failed, rest: .failed)
        case .cancelled: .end(.cancelled, rest: .cancelled)
        case .succeeded, .planned(hasChanges: true): next(flow: flow, steps: steps, isAutoApplied: isAutoApplied)
        }
    }
}
