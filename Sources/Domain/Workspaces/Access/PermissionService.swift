package import Database
package import Identity
import JSONAPI
package import Service

/// What somebody may do, for clients that show or hide their buttons by it.
package struct PermissionService: Sendable {
    private let database: any SQLDatabase

    package init(database: any SQLDatabase) {
        self.database = database
    }

    /// - Throws: `APIError` 404 when the principal can't see the organization.
    package func granted(organization: String, to principal: Principal) async throws -> Set<Permission> {
        try await database.read { connection in
            try requireVisible(organization: organization, principal, in: connection)
            return try Permissions(connection).granted(in: AccessScope(organization: organization), to: principal)
        }
    }

    /// - Throws: `APIError` 404 when the principal can't see the workspace, or it belongs to another organization.
    package func granted(organization: String, workspace: String, to principal: Principal) async throws -> Set<Permission> {
        try await database.read { connection in
            let found = try WorkspaceAccess(connection).readable(workspace: workspace, for: principal)
            guard found.organizationID == organization else { throw APIError.notFound("There is no workspace \(workspace).") }
            return try Permissions(connection).granted(in: found.scope, to: principal)
        }
    }

    private func requireVisible(organization: String, _ principal: Principal, in connection: any SQLConnection) throws {
        let row = try connection.row(
            "SELECT id FROM organization WHERE id = \(organization) AND \(Permissions.isMember(principal, of: "organization.id"))"
        )
        guard row != nil else { throw APIError.notFound("There is no organization \(organization).") }
    }
}
