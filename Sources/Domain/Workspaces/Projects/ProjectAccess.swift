package import Database
import Identity
import JSONAPI
package import Service

/// Checks on projects.
package struct ProjectAccess {
    private let connection: any SQLConnection

    package init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    /// - Throws: `APIError` 403 unless the principal manages the project; 404 when there is none.
    package func requireManager(project: String, for principal: Principal) throws {
        let scope = AccessScope(organization: try organization(of: project), project: project)
        try Permissions(connection).require(.manageProject, in: scope, for: principal)
    }

    /// - Throws: `APIError` 404.
    package func organization(of project: String) throws -> String {
        guard let row = try connection.row("SELECT organization_id FROM project WHERE id = \(project)") else {
            throw APIError.notFound("There is no project \(project).")
        }
        return try row.get("organization_id")
    }
}
