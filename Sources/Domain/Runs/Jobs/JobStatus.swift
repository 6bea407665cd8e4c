import Database

/// The states of jobs and of steps, in Terrakube's spelling (executor.md §2).
package enum JobStatus: String, Sendable, CaseIterable, SQLConvertible {
    case pending
    case waitingApproval
    case approved
    case queue
    case running
    case completed
    case noChanges
    case notExecuted
    case rejected
    case cancelled
    case failed
    case unknown
    case neverExecuted = "NeverExecuted"

    /// Whether nothing more can happen.
    package var isFinal: Bool {
        switch self {
        case .completed, .noChanges, .notExecuted, .rejected, .cancelled, .failed, .unknown, .neverExecuted: true
        case .pending, .waitingApproval, .approved, .queue, .running: false
        }
    }

    /// The states that a job can still leave.
    static let active = allCases.filter { $0.isFinal == false }
}
