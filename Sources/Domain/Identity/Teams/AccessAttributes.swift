import Database
package import JSONAPI
package import Service

/// The attributes that a team, access to a project and access to a workspace share: a group, its role, its flags.
/// All three are rows of `team_access`; what differs is how far they reach.
package enum AccessAttributes {
    package static let table = "team_access"

    /// - Parameter flags: In the order of Terrakube's documents. `manageJob` is stored and shown only: it follows from
    ///   `planJob` and `approveJob`.
    package static func attributes(nameLimit: Int, flags: [String]) -> [ResourceAttribute<Principal>] {
        [ResourceAttribute("name", .string(limit: nameLimit), isRequired: true)]
            + flags.map { ResourceAttribute($0, .boolean, isRequired: true, defaultValue: false) }
            + [ResourceAttribute("role", .string(limit: 32), defaultValue: "custom")]
    }

    /// The flags that make sense below the organization.
    package static let limitedFlags = ["manageState", "manageJob", "manageWorkspace", "planJob", "approveJob"]

    /// Brings the role to the spelling that is stored: lower case, and `custom` where a client sends none or "".
    ///
    /// - Throws: `APIError` 400 for an unknown role, which would grant nothing and say so to nobody.
    package static func normaliseRole(of draft: inout ResourceDraft) throws {
        let sent: String? = try draft.value("role")
        guard let role = Role(stored: sent) else {
            let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid(attribute: "role", "The role must be one of \(roles).")
        }
        draft.set("role", role.rawValue)
    }

    /// - Throws: `APIError` 400 for a group without a name.
    package static func requireName(of draft: ResourceDraft) throws {
        let name: String = try draft.value("name") ?? ""
        guard name.allSatisfy(\.isWhitespace) == false else {
            throw APIError.invalid(attribute: "name", "The name of the group must not be empty.")
        }
    }
}
