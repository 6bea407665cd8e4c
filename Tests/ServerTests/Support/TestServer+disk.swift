import Database
import Foundation
import JSONAPI
import Service
import Testing

@testable import Server

extension TestServer {
    /// Looks for a text in every file of the data directory, and in every row of every table.
    func expectNowhereOnDisk(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let needle = Data(text.utf8)
        for file in try files() where try Data(contentsOf: file).range(of: needle) != nil {
            Issue.record("\(file.lastPathComponent) holds \(text)", sourceLocation: sourceLocation)
        }
        for table in Self.tables {
            let rows = try await database.read { try $0.rows("SELECT * FROM \(identifier: table)") }
            for row in rows where row.values.contains(where: { $0.holds(needle) }) {
                Issue.record("The table \(table) holds \(text)", sourceLocation: sourceLocation)
            }
        }
    }

    /// Every file of the data directory; SQLite's are among them.
    func files() throws -> [URL] {
        let enumerator = FileManager.default.enumerator(at: dataDirectory, includingPropertiesForKeys: [.isRegularFileKey])
        return try (enumerator?.compactMap { $0 as? URL } ?? []).filter {
            try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
        }
    }

    private static let tables = [
        "organization", "team_access", "local_user", "pat", "browser_session", "template", "vcs", "vcs_connect_attempt", "ssh", "workspace",
        "variable",
        "globalvar",
        "tag",
        "github_app_token", "module", "module_version", "provider", "version", "implementation", "webhook", "webhook_event", "action",
        "federated", "federated_claim", "notification_configuration", "notification_trigger", "notification_configuration_template",
        "workspacetag", "history", "state_lock", "configuration_version", "job", "step", "address", "step_log",
        "schedule", "job_context",
    ]
}

extension SQLValue {
    fileprivate func holds(_ needle: Data) -> Bool {
        switch self {
        case .text(let text): Data(text.utf8).range(of: needle) != nil
        case .blob(let data): data.range(of: needle) != nil
        case .null, .integer, .real, .boolean: false
        }
    }
}
