import Foundation

/// A flow that runs on a workspace again and again.
struct Schedule: Sendable, Equatable {
    let id: String
    let workspaceID: String
    let cron: String
    let templateID: String?
    /// A flow of its own, as base64 of YAML; what Terrakube had before templates.
    let tcl: String?
    let nextFire: Date
    /// The job that it made last.
    let lastJobID: Int?

    /// Nil when it never fires again. The rules of writing have read the expression before.
    func next(after date: Date) -> Date? {
        try? CronExpression(cron).next(after: date)
    }
}

/// What came of a schedule's moment.
enum ScheduleResult: Sendable, Equatable {
    case started(job: Int)
    case skipped(reason: String)

    /// For people.
    var text: String {
        switch self {
        case .started(let job): "Started job \(job)."
        case .skipped(let reason): "Skipped: \(reason)"
        }
    }

    var jobID: Int? {
        if case .started(let job) = self { job } else { nil }
    }
}
