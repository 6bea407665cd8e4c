package import Database
import Foundation
import Identity
import JSONAPI
package import Service
import Workspaces

/// Jobs for the pages: what is going on, one job with its steps, and the decisions of people.
package struct JobService: Sendable {
    private let database: any SQLDatabase
    private let rules: JobRules
    private let time: TimeSource

    package init(database: any SQLDatabase, address: ServerAddress, time: TimeSource) {
        self.database = database
        self.rules = JobRules(address: address)
        self.time = time
    }

    /// The newest jobs that the principal can see, over all organizations.
    package func recent(limit: Int, as principal: Principal) async throws -> [JobSummary] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT job.*, workspace.name AS workspace_name, organization.name AS organization_name
                FROM job JOIN workspace ON workspace.id = job.workspace_id
                JOIN organization ON organization.id = job.organization_id
                WHERE NOT workspace.deleted AND \(WorkspaceAccess.isVisible(principal, SQLTable(alias: "workspace")))
                ORDER BY job.id DESC LIMIT \(limit)
                """
            ).map { try summary($0, in: connection) }
        }
    }

    /// One job with its steps.
    ///
    /// - Throws: `APIError` 404 when there is none, or the principal can't see it.
    package func detail(job id: Int, as principal: Principal) async throws -> JobDetail {
        try await database.read { connection in
            let row = try connection.row(
                """
                SELECT job.*, workspace.name AS workspace_name, organization.name AS organization_name
                FROM job JOIN workspace ON workspace.id = job.workspace_id
                JOIN organization ON organization.id = job.organization_id
                WHERE job.id = \(id) AND NOT workspace.deleted
                AND \(WorkspaceAccess.isVisible(principal, SQLTable(alias: "workspace")))
                """
            )
            guard let row else { throw APIError.notFound("There is no job \(id).") }
            let summary = try summary(row, in: connection)
            let allowed = JobDecision.allCases.filter { decision in
                guard let transition = try? JobTransition(from: summary.job.status, to: decision.status) else { return false }
                return (try? rules.authorize(transition, of: summary.job, by: principal, in: connection)) != nil
            }
            return JobDetail(
                summary: summary,
                steps: try JobStore(connection).steps(job: id),
                message: try row.find("output"),
                decisions: allowed
            )
        }
    }

    /// Approves, rejects or cancels, by the same rules as a PATCH of the status.
    ///
    /// - Throws: `APIError` 403, 404 or 409.
    package func decide(_ decision: JobDecision, job id: Int, as principal: Principal) async throws {
        _ = try await detail(job: id, as: principal)
        let now = time.now()
        try await database.write { transaction in
            guard let job = try JobStore(transaction).find(id: id) else { throw APIError.notFound("There is no job \(id).") }
            let transition = try JobTransition(from: job.status, to: decision.status)
            try rules.authorize(transition, of: job, by: principal, in: transaction)
            try rules.carryOut(transition, on: job, in: transaction, now: now)
        }
    }

    /// A stream that yields whenever the job or one of its steps may have changed.
    package func changes(job id: Int) -> some AsyncSequence<Void, Never> & Sendable {
        let key = String(id)
        return database.changes()
            .filter { $0.topic == "*" || ($0.topic == JobEvents.jobTopic && $0.key == key) }
            .map { _ in }
    }

    private func summary(_ row: SQLRow, in connection: any SQLConnection) throws -> JobSummary {
        JobSummary(
            job: try JobStore(connection).job(row),
            workspaceName: try row.get("workspace_name"),
            organizationName: try row.get("organization_name")
        )
    }
}

/// A job with the names that people know it by.
package struct JobSummary: Sendable, Equatable {
    package let job: Job
    package let workspaceName: String
    package let organizationName: String
}

/// A job with its steps, and what the reader may do to it now.
package struct JobDetail: Sendable, Equatable {
    package let summary: JobSummary
    package let steps: [Step]
    /// Why it failed, for people; nil when there is nothing to say.
    package let message: String?
    package let decisions: [JobDecision]
}

/// What a person can decide about a job.
package enum JobDecision: String, Sendable, CaseIterable {
    case approve
    case reject
    case cancel

    var status: JobStatus {
        switch self {
        case .approve: .approved
        case .reject: .rejected
        case .cancel: .cancelled
        }
    }
}
