import Foundation
import Runs

/// One step of a run, with what is shown of its output.
struct StepContent: Sendable {
    let id: String
    let name: String
    let status: RunStatus
    let elapsed: Elapsed?
    let problem: String?
    let log: String
    let isShortened: Bool
    let isOpen: Bool
    /// Where the whole output is; nil while there is none.
    let downloadPath: String?

    init(_ step: Step, of job: Job, log: RenderedLog?, now: Date) {
        id = step.id
        name = step.name.isEmpty ? "Step \(step.number)" : step.name
        status = RunStatus(of: step)
        elapsed = Self.elapsed(step, now: now)
        problem = step.message
        self.log = log?.html ?? ""
        isShortened = log?.isShortened ?? false
        isOpen = self.log.isEmpty == false || step.status == .running
        let hasOutput = step.beginDate != nil || self.log.isEmpty == false
        downloadPath = hasOutput ? "/tfoutput/v1/organization/\(job.organizationID)/job/\(job.id)/step/\(step.id)" : nil
    }

    /// Nil for what did not begin, and for what took no time: an approval.
    private static func elapsed(_ step: Step, now: Date) -> Elapsed? {
        guard let begin = step.beginDate else { return nil }
        if step.status == .running { return Elapsed(from: begin, to: nil, now: now) }
        guard let end = step.endDate, end > begin else { return nil }
        return Elapsed(from: begin, to: end, now: now)
    }
}
