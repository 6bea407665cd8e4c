import Database
import Foundation
import Identity
import JSONAPI
import Service
import Workspaces

/// Many workspaces and jobs at once, to measure how the server answers when it is full.
package struct BenchmarkData: Sendable {
    private let persistence: Persistence

    package init(_ persistence: Persistence) {
        self.persistence = persistence
    }

    /// Fills a new organization. Every tenth job failed, the others completed; each has one step.
    ///
    /// - Returns: The organization's id.
    package func fill(organization name: String, workspaces: Int, jobs: Int) async throws -> String {
        let organization = persistence.ids.next()
        let ids = (0..<workspaces).map { _ in persistence.ids.next() }
        let now = persistence.time.now()
        try await persistence.database.write { transaction in
            try transaction.execute("INSERT INTO organization (id, name) VALUES (\(organization), \(name))")
            let perWorkspace = workspaces == 0 ? 0 : jobs / workspaces
            for (number, workspace) in ids.enumerated() {
                try insert(workspace: workspace, number: number, organization: organization, at: now, in: transaction)
                for job in 0..<perWorkspace {
                    try insert(jobOf: workspace, number: job, organization: organization, at: now, in: transaction)
                }
            }
        }
        // What PostgreSQL does by itself within a minute, so that the first requests find its plans made.
        if persistence.database.dialect == .postgres {
            _ = try await persistence.database.write { try $0.execute("ANALYZE") }
        }
        return organization
    }

    private func insert(
        workspace id: String,
        number: Int,
        organization: String,
        at now: Date,
        in transaction: any SQLTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO workspace (id, organization_id, name, description, source, branch, terraform_version, execution_mode,
                last_job_status, last_job_date, created_date, created_by, updated_date, updated_by)
            VALUES (\(id), \(organization), \("workspace-\(number)"), \("The workspace number \(number)"),
                \("https://git.example.com/infrastructure/\(number).git"), 'main', '1.11.4', 'remote', 'completed', \(now), \(now),
                'bench', \(now), 'bench')
            """
        )
        try transaction.execute(
            """
            INSERT INTO variable (id, workspace_id, key, value, category)
            VALUES (\(persistence.ids.next()), \(id), 'region', 'eu-central-1', 'TERRAFORM')
            """
        )
    }

    private func insert(
        jobOf workspace: String,
        number: Int,
        organization: String,
        at now: Date,
        in transaction: any SQLTransaction
    ) throws {
        let status = number % 10 == 0 ? "failed" : "completed"
        let row = try transaction.row(
            """
            INSERT INTO job (organization_id, storage_organization_id, workspace_id, status, tcl, via, created_date, created_by, updated_date, updated_by)
            VALUES (\(organization), \(organization), \(workspace), \(status), 'Zmxvdzo=', 'UI', \(now), 'bench', \(now), 'bench') RETURNING id
            """
        )
        guard let job: Int = try row?.get("id") else { return }
        try transaction.execute(
            """
            INSERT INTO step (id, job_id, step_number, name, status)
            VALUES (\(persistence.ids.next()), \(job), 100, 'Plan', \(status))
            """
        )
    }
}
