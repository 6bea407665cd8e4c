import Foundation
import Runs
import Service

/// The newest runs, as the home page lists them.
struct RunListContent: Sendable {
    struct Row: Sendable {
        let id: Int
        let status: RunStatus
        let organization: String
        let workspace: String
        let author: String
        let via: String
        let created: Moment
    }

    let rows: [Row]
    let isEmpty: Bool
    let publicURL: String

    init(_ runs: [JobSummary], address: ServerAddress, now: Date) {
        rows = runs.map { run in
            Row(
                id: run.job.id,
                status: RunStatus(run.job.status),
                organization: run.organizationName,
                workspace: run.workspaceName,
                author: run.job.createdBy,
                via: run.job.via,
                created: Moment(run.job.createdDate, now: now)
            )
        }
        isEmpty = runs.isEmpty
        publicURL = address.publicURL
    }
}
