import Identity
package import JSONAPI
package import Service

/// The native shape of a template: a flow of steps that a job runs, as base64 of YAML in `tcl`.
package enum TemplateResource {
    private static let manager = Permissions.rule(.manageTemplate)

    package static let schema = ResourceSchema<Principal>(
        type: "template",
        isRoot: true,
        isAudited: true,
        attributes: [
            ResourceAttribute("name", .string(limit: 256)),
            ResourceAttribute("description", .string(limit: 256)),
            ResourceAttribute("version", .string(limit: 32)),
            ResourceAttribute("tcl", .string(limit: 1_000_000)),
        ],
        relationships: [.toOne("organization", isWritable: false)],
        isReadable: { principal, row in Permissions.isMember(principal, of: row["organization_id"]) },
        writing: ResourceWriting(create: manager, update: manager, delete: manager)
    )
}
