import Database
import Foundation
import Service
import Workspaces

extension JobLifecycle {
    /// Does a step that needs no executor.
    ///
    /// - Returns: What comes after it.
    func serve(step number: Int, of job: Job) throws -> JobProgress.Next {
        let store = JobStore(transaction)
        let flow = try FlowParser().parse(tcl: job.tcl)
        guard let entry = flow.step(number: number), case .server(let action) = entry.kind,
            let step = try store.steps(job: job.id).first(where: { $0.number == number })
        else { return .end(.failed, rest: .failed) }
        if let problem = try carryOut(action, of: job) {
            try finish(step, as: .failed, message: problem)
            try transaction.execute("UPDATE job SET output = \(String(problem.prefix(1024))) WHERE id = \(job.id)")
            return .end(.failed, rest: .failed)
        }
        try finish(step, as: .completed, message: nil)
        if action == .disableWorkspace { return .end(.completed, rest: .notExecuted) }
        return JobProgress.next(flow: flow, steps: try store.steps(job: job.id).map(\.progress), isAutoApplied: job.isAutoApplied)
    }

    /// - Returns: Why it could not be done; then nothing has changed.
    private func carryOut(_ action: FlowStep.ServerAction, of job: Job) throws -> String? {
        // Whoever may start a job may bring a flow along; to schedule and to delete takes more than that.
        guard try transaction.row("SELECT id FROM job WHERE id = \(job.id) AND template_reference IS NOT NULL") != nil else {
            return "This step is only possible in a template, not in a flow that was sent with the job."
        }
        switch action {
        case .scheduleTemplates(let entries):
            return try schedule(entries, of: job)
        case .disableWorkspace:
            try ScheduleStore(transaction).deleteAll(workspace: job.workspaceID)
            try WorkspaceStore(transaction).disable(id: job.workspaceID, at: now)
            try transaction.notify(WorkspaceEvents.changed(job.workspaceID))
            return nil
        }
    }

    private func schedule(_ entries: [FlowStep.TemplateSchedule], of job: Job) throws -> String? {
        var found: [(template: String, cron: String, next: Date)] = []
        for entry in entries {
            let row = try transaction.row(
                "SELECT id FROM template WHERE organization_id = \(job.organizationID) AND name = \(entry.template) ORDER BY id LIMIT 1"
            )
            guard let row else { return "There is no template \(entry.template) in this organization." }
            guard let next = try CronExpression(entry.cron).next(after: now) else {
                return "The schedule \(entry.cron) of the template \(entry.template) never fires again."
            }
            found.append((try row.get("id"), entry.cron, next))
        }
        for entry in found {
            let schedule = try ScheduleStore(transaction).put(
                template: entry.template,
                cron: entry.cron,
                next: entry.next,
                workspace: job.workspaceID,
                newID: ids.next(),
                at: now,
                author: job.createdBy
            )
            try transaction.notify(ScheduleEvents.changed(schedule))
        }
        return nil
    }

    /// The step's log says what its message says: readers of logs see no messages.
    private func finish(_ step: Step, as status: JobStatus, message: String?) throws {
        try transaction.execute(
            """
            UPDATE step SET status = \(status), message = \(message), begin_date = COALESCE(begin_date, \(now)), end_date = \(now)
            WHERE id = \(step.id)
            """
        )
        guard let message else { return }
        try LogStore(transaction).append(Data("Error: \(message)\n".utf8), at: 0, step: step.id)
        try transaction.notify(JobEvents.logged(step: step.id))
    }
}
