package import Database
package import Service

/// Who sees what, as conditions: lists leave out what the caller can't read by SQL, not by loading and filtering.
///
/// In all of them `organization` is the column that holds the organization's id. Nobody sees into a disabled one.
extension Permissions {
    /// Anybody who has access at any level of the organization.
    package static func isMember(_ principal: Principal, of organization: SQL) -> SQL {
        guard principal.isAdministrator == false else { return isPresent(organization) }
        return condition(principal, organization, where: [])
    }

    /// A member of a team of the organization: access to one project or workspace alone is not enough.
    package static func isTeamMember(_ principal: Principal, of organization: SQL) -> SQL {
        guard principal.isAdministrator == false else { return isPresent(organization) }
        return condition(principal, organization, where: [isTeam])
    }

    /// Who has a permission in the whole organization.
    package static func isGranted(_ permission: Permission, to principal: Principal, in organization: SQL) -> SQL {
        guard principal.isAdministrator == false else { return isPresent(organization) }
        return condition(principal, organization, where: [isTeam, Role.grants(permission, at: .organization)])
    }

    /// Who has access to one project or workspace, by a row of that very level.
    ///
    /// - Parameters:
    ///   - permission: What the access must grant; nil for any access.
    ///   - object: The column that holds the id of the project or workspace.
    package static func hasAccess(
        _ principal: Principal,
        at level: AccessLevel,
        to object: SQL,
        granting permission: Permission? = nil
    ) -> SQL {
        guard principal.groups.isEmpty == false else { return "FALSE" }
        let column: SQL = level == .project ? "project_id" : "workspace_id"
        let granting = permission.map { [Role.grants($0, at: level)] } ?? []
        let conditions: [SQL] = [named(principal), "team_access.\(column) IS NOT NULL"] + granting
        return "\(object) IN (SELECT team_access.\(column) FROM team_access WHERE \(.all(conditions)))"
    }

    private static let isTeam: SQL = "team_access.project_id IS NULL AND team_access.workspace_id IS NULL"

    private static func isPresent(_ organization: SQL) -> SQL {
        "\(organization) IN (SELECT id FROM organization WHERE NOT disabled)"
    }

    private static func named(_ principal: Principal) -> SQL {
        "team_access.name IN \(list: principal.groups.sorted())"
    }

    private static func condition(_ principal: Principal, _ organization: SQL, where conditions: [SQL]) -> SQL {
        guard principal.groups.isEmpty == false else { return "FALSE" }
        return """
            (\(isPresent(organization)) AND \(organization) IN \
            (SELECT team_access.organization_id FROM team_access WHERE \(.all([named(principal)] + conditions))))
            """
    }
}
