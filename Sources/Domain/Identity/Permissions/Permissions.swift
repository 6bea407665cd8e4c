package import Database
package import JSONAPI
package import Service

/// The one question of every service: may this principal do that there?
///
/// Administrators may do everything: a deliberate difference from Terrakube, where they can create an organization
/// and then nothing in it.
package struct Permissions {
    private let connection: any SQLConnection

    package init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    /// - Throws: `APIError` 403 that names the missing permission.
    package func require(_ permission: Permission, in scope: AccessScope, for principal: Principal) throws {
        guard try granted(in: scope, to: principal).contains(permission) else {
            throw APIError.forbidden("This needs the permission \(permission.rawValue) in the \(scope.name).")
        }
    }

    /// - Throws: `APIError` 403 that names the missing permission.
    package func require(_ permission: Permission, organization: String, for principal: Principal) throws {
        try require(permission, in: AccessScope(organization: organization), for: principal)
    }

    /// - Throws: `APIError` 403 unless the principal is an administrator.
    package static func requireAdministrator(_ principal: Principal) throws(APIError) {
        guard principal.isAdministrator else { throw .forbidden("Only administrators may do this.") }
    }

    /// The union over all rows of access that reach the scope and carry one of the principal's groups.
    package func granted(in scope: AccessScope, to principal: Principal) throws -> Set<Permission> {
        if principal.isAdministrator { return Set(Permission.allCases) }
        if principal.groups.isEmpty { return [] }
        let rows = try connection.rows(
            """
            SELECT * FROM team_access
            WHERE organization_id = \(scope.organization) AND name IN \(list: principal.groups.sorted())
            AND ((project_id IS NULL AND workspace_id IS NULL) OR project_id = \(scope.project) OR workspace_id = \(scope.workspace))
            """
        )
        return try rows.reduce(into: []) { result, row in
            guard let role = Role(stored: try row.find("role")) else { return }
            let flags = try Permission.allCases.filter { try $0.column.flatMap { try row.find($0) } ?? false }
            result.formUnion(role.permissions(at: try level(of: row), flags: Set(flags)))
        }
    }

    private func level(of row: SQLRow) throws -> AccessLevel {
        if try row.find("workspace_id", as: String.self) != nil { return .workspace }
        return try row.find("project_id", as: String.self) == nil ? .organization : .project
    }
}

extension Permissions {
    /// The rule that rows of an organization are written by those who have a permission in it.
    package static func rule(_ permission: Permission) -> ResourceWriting<Principal>.Rule {
        { draft, context in
            let organization: String = try draft.value("organization_id") ?? ""
            try Permissions(context.transaction).require(permission, organization: organization, for: context.caller)
        }
    }

    /// The rule that only administrators write.
    package static let administratorRule: ResourceWriting<Principal>.Rule = { _, context in
        try requireAdministrator(context.caller)
    }
}
