import Database
import Foundation
import Service
import Wire
import Workspaces

/// Moves a job from state to state inside one transaction: its row, its steps, what the workspace shows of it, and
/// who is told.
struct JobLifecycle {
    let transaction: any SQLTransaction
    let now: Date
    let ids: IDSource

    private var store: JobStore { JobStore(transaction) }

    init(_ transaction: any SQLTransaction, now: Date, ids: IDSource = .uuid) {
        self.transaction = transaction
        self.now = now
        self.ids = ids
    }

    /// Lets the job go on to what comes next.
    func proceed(_ job: Job, to next: JobProgress.Next) throws {
        switch next {
        case .run:
            try set(.queue, of: job)
            try transaction.notify(JobEvents.queued(job.id))
        case .serve(let number):
            try proceed(job, to: try serve(step: number, of: job))
        case .wait(_, let team):
            try transaction.execute("UPDATE job SET approval_team = \(team) WHERE id = \(job.id)")
            try set(.waitingApproval, of: job)
        case .end(let status, let rest):
            try end(job, as: status, rest: rest)
        }
    }

    /// Ends the job.
    ///
    /// - Parameter message: Shown with the job; nil keeps what is there.
    func end(_ job: Job, as status: JobStatus, rest: JobStatus, message: String? = nil) throws {
        try store.endSteps(job: job.id, as: rest, at: now)
        if let message {
            try transaction.execute("UPDATE job SET output = \(String(message.prefix(1024))) WHERE id = \(job.id)")
        }
        try set(status, of: job)
    }

    /// A person approved: the flow goes on once the scheduler lets it. An approval step that has scripts runs them;
    /// else it is done.
    func approve(_ job: Job) throws {
        let step = try store.steps(job: job.id).first { $0.status == .pending }
        if let step {
            let hasScripts = try FlowParser().parse(tcl: job.tcl).step(number: step.number)?.commands.isEmpty == false
            try transaction.execute(
                """
                UPDATE step SET status = \(hasScripts ? JobStatus.approved : .completed), begin_date = \(now),
                    end_date = \(hasScripts ? nil : now) WHERE id = \(step.id)
                """
            )
        }
        try set(.approved, of: job)
    }

    /// A person cancelled. A job that an executor has keeps its lease until the executor has wound it down, so that
    /// whatever Terraform still writes is kept and the next job waits for it.
    func cancel(_ job: Job) throws {
        try transaction.execute(
            """
            UPDATE step SET status = 'cancelled', end_date = \(now)
            WHERE job_id = \(job.id) AND status IN \(list: job.executor == nil ? ["pending", "approved", "running"] : ["pending", "approved"])
            """
        )
        try set(.cancelled, of: job)
    }

    /// Takes a job from an executor that can't go on: it shuts down, or died. A plan is harmless and runs anew; what
    /// was changing things or running scripts ends the job, as nobody knows how far it came.
    func takeBack(_ job: Job, reason: String) throws {
        try endLease(of: job)
        guard job.status.isFinal == false else {
            try store.endSteps(job: job.id, as: job.status == .cancelled ? .cancelled : .failed, at: now)
            return
        }
        let running = try store.steps(job: job.id).filter { $0.status == .running }
        let flow = try FlowParser().parse(tcl: job.tcl)
        let isHarmless = running.allSatisfy { step in
            switch flow.step(number: step.number)?.kind {
            case .action(.terraformPlan), .action(.terraformPlanDestroy): true
            default: false
            }
        }
        guard isHarmless else { return try end(job, as: .failed, rest: .failed, message: reason) }
        for step in running {
            try transaction.execute("UPDATE step SET status = 'pending', begin_date = NULL WHERE id = \(step.id)")
            try LogStore(transaction).clear(step: step.id)
        }
        try proceed(job, to: .run(step: running.first?.number ?? 0))
    }

    /// An executor has the job; its row says so already.
    func wasClaimed(_ job: Job) throws {
        try WorkspaceStore(transaction).recordJob(workspace: job.workspaceID, status: job.status.rawValue, at: now)
        try transaction.notify(JobEvents.changed(job))
    }

    /// Ends the lease, and with it the lock that the job's Terraform may have left on the state.
    func endLease(of job: Job) throws {
        try store.endLease(job: job.id)
        try StateService.releaseLock(ofJob: job.id, in: transaction)
        try transaction.notify(JobEvents.changed(job))
    }

    private func set(_ status: JobStatus, of job: Job) throws {
        try store.setStatus(status, job: job.id, at: now)
        try WorkspaceStore(transaction).recordJob(workspace: job.workspaceID, status: status.rawValue, at: now)
        try transaction.notify(JobEvents.changed(job))
    }
}
