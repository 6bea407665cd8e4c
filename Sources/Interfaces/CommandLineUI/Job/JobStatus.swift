/// The state of a job or of a step. An open set: a newer server may have more of them.
struct JobStatus: RawRepresentable, Codable, Sendable, Hashable {
    let rawValue: String

    static let pending = JobStatus(rawValue: "pending")
    static let waitingApproval = JobStatus(rawValue: "waitingApproval")
    static let approved = JobStatus(rawValue: "approved")
    static let queue = JobStatus(rawValue: "queue")
    static let running = JobStatus(rawValue: "running")
    static let completed = JobStatus(rawValue: "completed")
    static let noChanges = JobStatus(rawValue: "noChanges")
    static let notExecuted = JobStatus(rawValue: "notExecuted")
    static let rejected = JobStatus(rawValue: "rejected")
    static let cancelled = JobStatus(rawValue: "cancelled")
    static let failed = JobStatus(rawValue: "failed")

    private static let active: Set<JobStatus> = [.pending, .waitingApproval, .approved, .queue, .running]

    /// Whether nothing more can happen.
    var isFinal: Bool {
        Self.active.contains(self) == false
    }

    /// Whether everything went as it should.
    var isSuccess: Bool {
        self == .completed || self == .noChanges
    }
}
