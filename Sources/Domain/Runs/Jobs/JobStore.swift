import Database
import Foundation

/// The rows of jobs and of their steps.
struct JobStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    func find(id: Int) throws -> Job? {
        try connection.row("SELECT * FROM job WHERE id = \(id)").map(job)
    }

    /// The jobs of a workspace that are not over, or that an executor still has; the oldest first.
    func unfinished(workspace: String) throws -> [Job] {
        try connection.rows(
            """
            SELECT * FROM job WHERE workspace_id = \(workspace)
            AND (status IN \(list: JobStatus.active) OR executor IS NOT NULL) ORDER BY id
            """
        ).map(job)
    }

    /// The workspaces that have something to start, or to cancel because they are gone.
    func busyWorkspaces() throws -> [String] {
        try connection.rows(
            """
            SELECT DISTINCT workspace.id FROM job JOIN workspace ON workspace.id = job.workspace_id
            JOIN organization ON organization.id = workspace.organization_id
            WHERE job.status IN ('pending', 'approved')
            OR (job.status IN \(list: JobStatus.active) AND (workspace.deleted OR organization.disabled))
            """
        ).map { try $0.get("id") }
    }

    func steps(job: Int) throws -> [Step] {
        try connection.rows("SELECT * FROM step WHERE job_id = \(job) ORDER BY step_number").map(step)
    }

    func step(id: String) throws -> Step? {
        try connection.row("SELECT * FROM step WHERE id = \(id)").map(step)
    }

    func setStatus(_ status: JobStatus, job: Int, at date: Date) throws {
        try connection.execute("UPDATE job SET status = \(status), updated_date = \(date) WHERE id = \(job)")
    }

    /// Gives every step that has not ended this status.
    func endSteps(job: Int, as status: JobStatus, at date: Date) throws {
        try connection.execute(
            """
            UPDATE step SET status = \(status), end_date = \(date)
            WHERE job_id = \(job) AND status IN ('pending', 'approved', 'running')
            """
        )
    }

    // MARK: Leases

    /// Takes the oldest queued job for an executor: one of many that ask at the same time gets it.
    func claim(executor: String, at date: Date) throws -> Job? {
        try connection.row(
            """
            UPDATE job SET status = 'running', executor = \(executor), epoch = epoch + 1, updated_date = \(date)
            WHERE id = (SELECT id FROM job WHERE status = 'queue' AND executor IS NULL ORDER BY id LIMIT 1)
            AND status = 'queue' AND executor IS NULL RETURNING *
            """
        ).map(job)
    }

    func hasQueued() throws -> Bool {
        try connection.row("SELECT id FROM job WHERE status = 'queue' AND executor IS NULL LIMIT 1") != nil
    }

    func endLease(job: Int) throws {
        try connection.execute("UPDATE job SET executor = NULL WHERE id = \(job)")
    }

    /// The jobs that an executor whose name begins like this has.
    func claimed(byExecutorsOf node: String) throws -> [Job] {
        try connection.rows("SELECT * FROM job WHERE executor LIKE \(node + "/%") ORDER BY id").map(job)
    }

    // MARK: Rows

    func job(_ row: SQLRow) throws -> Job {
        Job(
            id: try row.get("id"),
            organizationID: try row.get("organization_id"),
            storageOrganizationID: try row.get("storage_organization_id"),
            workspaceID: try row.get("workspace_id"),
            status: try row.get("status"),
            tcl: try row.get("tcl"),
            approvalTeam: try row.find("approval_team"),
            isAutoApplied: try row.get("auto_apply"),
            refresh: try row.get("refresh"),
            refreshOnly: try row.get("refresh_only"),
            planChanges: try row.get("plan_changes"),
            overrideBranch: try row.find("override_branch"),
            commitID: try row.find("commit_id"),
            configurationVersionID: try row.find("configuration_version_id"),
            targets: try addresses(row.find("target_addrs")),
            replacements: try addresses(row.find("replace_addrs")),
            via: try row.get("via"),
            createdDate: try row.get("created_date"),
            createdBy: try row.get("created_by"),
            epoch: try row.get("epoch"),
            executor: try row.find("executor")
        )
    }

    private func addresses(_ text: String?) throws -> [String] {
        try text.map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) } ?? []
    }

    private func step(_ row: SQLRow) throws -> Step {
        Step(
            id: try row.get("id"),
            jobID: try row.get("job_id"),
            number: try row.get("step_number"),
            name: try row.find("name") ?? "",
            status: try row.get("status"),
            message: try row.find("message"),
            beginDate: try row.find("begin_date"),
            endDate: try row.find("end_date"),
            hasPlan: try row.get("has_plan")
        )
    }
}
