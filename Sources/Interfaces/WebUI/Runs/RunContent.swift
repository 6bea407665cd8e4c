import Foundation
import Runs

/// One run, as its page and its live events show it.
struct RunContent: Sendable {
    let id: Int
    let status: RunStatus
    let organization: String
    let workspace: String
    let author: String
    let via: String
    let created: Moment
    let commit: String?
    let branch: String?
    let elapsed: Elapsed?
    let problem: String?
    let decision: RunDecisionContent?
    let steps: [StepContent]
    /// Where live events come from; nil when nothing more can happen.
    let eventsPath: String?

    /// - Parameters:
    ///   - logs: What is shown of the output, by the ids of steps.
    ///   - csrf: Nil when there is no browser session; then there are no forms.
    init(_ run: JobDetail, logs: [String: RenderedLog] = [:], after position: LogPosition? = nil, csrf: String?, now: Date) {
        let job = run.summary.job
        id = job.id
        status = RunStatus(job.status)
        organization = run.summary.organizationName
        workspace = run.summary.workspaceName
        author = job.createdBy
        via = job.via
        created = Moment(job.createdDate, now: now)
        commit = job.commitID.map { String($0.prefix(8)) }
        branch = job.overrideBranch
        elapsed = Self.elapsed(run, now: now)
        problem = run.message
        decision = RunDecisionContent(run, csrf: csrf)
        steps = run.steps.map { StepContent($0, of: job, log: logs[$0.id], now: now) }
        eventsPath = run.isOver ? nil : "/runs/\(job.id)/events" + (position.map { "?after=\($0)" } ?? "")
    }

    /// From the first step's beginning to the last one's end, with the time that people took to decide.
    private static func elapsed(_ run: JobDetail, now: Date) -> Elapsed? {
        guard let begin = run.steps.compactMap(\.beginDate).min() else { return nil }
        let end = run.summary.job.status.isFinal ? run.steps.compactMap(\.endDate).max() ?? begin : nil
        return Elapsed(from: begin, to: end, now: now)
    }
}

extension JobDetail {
    /// Whether nothing more can come: a cancelled run still writes until its executor has wound it down.
    var isOver: Bool {
        summary.job.status.isFinal && steps.allSatisfy(\.status.isFinal)
    }
}
