import Database
import Foundation

/// The rows of configuration versions.
struct ConfigurationVersionStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    func insert(_ version: ConfigurationVersion, author: String) throws {
        try connection.execute(
            """
            INSERT INTO configuration_version (id, workspace_id, status, created_date, created_by)
            VALUES (\(version.id), \(version.workspaceID), \(version.status.rawValue), \(version.createdDate), \(author))
            """
        )
    }

    func find(id: String) throws -> ConfigurationVersion? {
        try connection.row("SELECT * FROM configuration_version WHERE id = \(id)").map(version)
    }

    func newestUploaded(workspace: String) throws -> ConfigurationVersion? {
        try connection.row(
            """
            SELECT * FROM configuration_version WHERE workspace_id = \(workspace) AND status = 'uploaded'
            ORDER BY created_date DESC, id DESC LIMIT 1
            """
        ).map(version)
    }

    /// - Returns: False when it had been uploaded before: an upload is final.
    func markUploaded(id: String, digest: String) throws -> Bool {
        try connection.execute(
            "UPDATE configuration_version SET status = 'uploaded', digest = \(digest) WHERE id = \(id) AND status = 'pending'"
        ) > 0
    }

    private func version(_ row: SQLRow) throws -> ConfigurationVersion {
        ConfigurationVersion(
            id: try row.get("id"),
            workspaceID: try row.get("workspace_id"),
            status: ConfigurationVersion.Status(rawValue: try row.get("status")) ?? .pending,
            createdDate: try row.get("created_date"),
            digest: try row.find("digest")
        )
    }
}
