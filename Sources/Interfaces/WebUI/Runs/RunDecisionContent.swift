import Runs

/// What can be decided about a run, by whoever looks at it.
struct RunDecisionContent: Sendable {
    let isWaiting: Bool
    let canApprove: Bool
    let canReject: Bool
    let canCancel: Bool
    /// Who may decide, when the one who looks may not.
    let team: String?
    let runID: Int
    let csrf: String

    /// - Returns: Nil when there is nothing to show.
    init?(_ run: JobDetail, csrf: String?) {
        guard let csrf, run.decisions.isEmpty == false || run.summary.job.status == .waitingApproval else { return nil }
        isWaiting = run.summary.job.status == .waitingApproval
        canApprove = run.decisions.contains(.approve)
        canReject = run.decisions.contains(.reject)
        canCancel = run.decisions.contains(.cancel)
        team = canApprove ? nil : run.summary.job.approvalTeam
        runID = run.summary.job.id
        self.csrf = csrf
    }
}
