import Runs
import Service

/// The output of a run so far: of the steps that are over, and of the one that is under way.
struct RunOutput: Sendable {
    /// By the ids of steps.
    let logs: [String: RenderedLog]
    /// Where the live stream goes on.
    let end: LogPosition?

    /// - Throws: `APIError` 404 when the run has gone in the meantime.
    init(of run: JobDetail, from service: LogService, as principal: Principal) async throws {
        var logs: [String: RenderedLog] = [:]
        var end: LogPosition?
        for step in run.steps {
            let output = try await service.whole(step: step.id, job: run.summary.job.id, as: principal)
            let log = RenderedLog(output, step: step.number, isWhole: step.status.isFinal)
            logs[step.id] = log
            end = log.end
            // What comes after an open step begins after this moment.
            if step.status.isFinal == false { break }
        }
        self.logs = logs
        self.end = end
    }
}
