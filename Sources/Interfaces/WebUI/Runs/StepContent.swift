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
        elapsed = step.beginDate.map { Elapsed(from: $0, to: step.status == .running ? nil : step.endDate ?? $0, now: now) }
        problem = step.message
        self.log = log?.html ?? ""
        isShortened = log?.isShortened ?? false
        isOpen = self.log.isEmpty == false || step.status == .running
        let hasOutput = step.beginDate != nil || self.log.isEmpty == false
        downloadPath = hasOutput ? "/tfoutput/v1/organization/\(job.organizationID)/job/\(job.id)/step/\(step.id)" : nil
    }
}
