import Runs

/// A status in words, and in the tone that colours it.
struct RunStatus: Sendable, Equatable {
    enum Tone: String {
        case neutral
        case active
        case attention
        case success
        case danger
    }

    let label: String
    /// A class of the style sheet.
    let tone: String
    let isRunning: Bool

    init(_ status: JobStatus) {
        let (label, tone): (String, Tone) =
            switch status {
            case .pending: ("Pending", .neutral)
            case .waitingApproval: ("Needs approval", .attention)
            case .approved: ("Approved", .active)
            case .queue: ("Queued", .neutral)
            case .running: ("Running", .active)
            case .completed: ("Completed", .success)
            case .noChanges: ("No changes", .success)
            case .notExecuted: ("Skipped", .neutral)
            case .rejected: ("Rejected", .danger)
            case .cancelled: ("Cancelled", .neutral)
            case .failed: ("Failed", .danger)
            case .unknown: ("Unknown", .neutral)
            case .neverExecuted: ("Never run", .neutral)
            }
        self.init(label: label, tone: tone, isRunning: status == .running)
    }

    /// A step that fails with its job although it never began is not to blame.
    init(of step: Step) {
        if step.status == .failed, step.beginDate == nil, step.message == nil {
            self.init(label: "Not run", tone: .neutral, isRunning: false)
        } else {
            self.init(step.status)
        }
    }

    private init(label: String, tone: Tone, isRunning: Bool) {
        self.label = label
        self.tone = tone.rawValue
        self.isRunning = isRunning
    }
}
