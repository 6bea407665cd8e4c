import Database
import Foundation

/// The rows of state versions and of state locks.
struct StateStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    func current(workspace: String) throws -> StateVersion? {
        try version(where: "workspace_id = \(workspace)", order: "ORDER BY serial DESC LIMIT 1")
    }

    func find(id: String, workspace: String) throws -> StateVersion? {
        try version(where: "id = \(id) AND workspace_id = \(workspace)", order: "")
    }

    func insert(_ version: StateVersion, jobReference: String?, output: String, author: String) throws {
        try connection.execute(
            """
            INSERT INTO history (id, workspace_id, storage_organization_id, job_reference, output, serial, md5, lineage,
                created_date, created_by, updated_date, updated_by)
            VALUES (\(version.id), \(version.workspaceID), \(version.storageOrganizationID), \(jobReference), \(output),
                \(version.serial), \(version.md5), \(version.lineage), \(version.createdDate), \(author),
                \(version.createdDate), \(author))
            """
        )
    }

    func lock(workspace: String) throws -> StateLock? {
        try connection.row("SELECT * FROM state_lock WHERE workspace_id = \(workspace)").map { row in
            StateLock(id: try row.get("lock_id"), document: try row.get("info"), jobID: try row.find("job_id"))
        }
    }

    func insert(_ lock: StateLock, workspace: String, at date: Date) throws {
        try connection.execute(
            """
            INSERT INTO state_lock (workspace_id, lock_id, info, job_id, created_date)
            VALUES (\(workspace), \(lock.id), \(lock.document), \(lock.jobID), \(date))
            """
        )
    }

    func deleteLock(workspace: String) throws {
        try connection.execute("DELETE FROM state_lock WHERE workspace_id = \(workspace)")
    }

    private func version(where condition: SQL, order: SQL) throws -> StateVersion? {
        try connection.row("SELECT * FROM history WHERE \(condition) \(order)").map { row in
            StateVersion(
                id: try row.get("id"),
                workspaceID: try row.get("workspace_id"),
                storageOrganizationID: try row.get("storage_organization_id"),
                serial: try row.get("serial"),
                lineage: try row.get("lineage"),
                md5: try row.get("md5"),
                createdDate: try row.get("created_date")
            )
        }
    }
}
