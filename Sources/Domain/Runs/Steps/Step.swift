package import Foundation

/// One step of a job.
package struct Step: Sendable, Equatable {
    package let id: String
    package let jobID: Int
    package let number: Int
    package let name: String
    package let status: JobStatus
    /// Why it failed, for people.
    package let message: String?
    package let beginDate: Date?
    package let endDate: Date?
    /// Whether a plan of this step is kept.
    let hasPlan: Bool

    var progress: JobProgress.Step {
        JobProgress.Step(number: number, status: status)
    }
}
