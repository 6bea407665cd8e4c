package import JSONAPI
package import Service

/// The native shape of a team: a group of people and what it may do in one organization.
package enum TeamResource {
    package static let schema = ResourceSchema<Principal>(
        type: "team",
        attributes: [ResourceAttribute("name", .string(limit: 64), isRequired: true)]
            + flags.map { ResourceAttribute($0, .boolean, isRequired: true, defaultValue: false) }
            + [ResourceAttribute("role", .enumeration(Role.allCases.map(\.rawValue)), isRequired: true, defaultValue: "custom")],
        relationships: [.toOne("organization", isWritable: false)],
        isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
        writing: ResourceWriting(
            create: Permissions.administratorRule,
            update: Permissions.administratorRule,
            delete: Permissions.administratorRule
        )
    )

    /// In the order of Terrakube's documents. `manageJob` is stored and shown only: it follows from `planJob` and
    /// `approveJob`.
    private static let flags = [
        "manageState", "manageCollection", "manageJob", "manageWorkspace", "manageModule", "manageProvider", "manageVcs",
        "manageTemplate", "planJob", "approveJob",
    ]
}
