package import Database
package import JSONAPI
package import Service

/// The one question of every service: may this principal do that in this organization?
///
/// Administrators may do everything: a deliberate difference from Terrakube, where they can create an organization
/// and then nothing in it.
package struct Permissions {
    private let connection: any SQLConnection

    package init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    /// - Throws: `APIError` 403 that names the missing permission.
    package func require(_ permission: Permission, organization: String, for principal: Principal) throws {
        guard try granted(in: organization, to: principal).contains(permission) else {
            throw APIError.forbidden("This needs the permission \(permission.rawValue) in the organization.")
        }
    }

    /// - Throws: `APIError` 403 unless the principal is an administrator.
    package static func requireAdministrator(_ principal: Principal) throws(APIError) {
        guard principal.isAdministrator else { throw .forbidden("Only administrators may do this.") }
    }

    /// The union over all teams of the organization that carry one of the principal's groups.
    package func granted(in organization: String, to principal: Principal) throws -> Set<Permission> {
        if principal.isAdministrator { return Set(Permission.allCases) }
        if principal.groups.isEmpty { return [] }
        let teams = try connection.rows(
            "SELECT * FROM team WHERE organization_id = \(organization) AND name IN \(list: principal.groups.sorted())"
        )
        return try teams.reduce(into: []) { result, team in
            guard let role = Role(stored: try team.find("role")) else { return }
            let flags = try Permission.allCases.filter { try team.find($0.column) ?? false }
            result.formUnion(role.permissions(flags: Set(flags)))
        }
    }
}

extension Permissions {
    /// The condition that a row belongs to an organization which the principal is a member of, and which is not disabled.
    ///
    /// - Parameter organization: The column that holds the organization's id.
    package static func isMember(_ principal: Principal, of organization: SQL) -> SQL {
        let present: SQL = "\(organization) IN (SELECT id FROM organization WHERE NOT disabled)"
        if principal.isAdministrator { return present }
        if principal.groups.isEmpty { return "FALSE" }
        return """
            (\(present) AND \(organization) IN (SELECT organization_id FROM team WHERE name IN \(list: principal.groups.sorted())))
            """
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
