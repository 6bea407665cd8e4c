import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a provider's version, and of its builds for one operating system and architecture each.
package enum ProviderVersionResource {
    package static let schema = ResourceSchema<Principal>(
        type: "version",
        attributes: [
            ResourceAttribute("versionNumber", .string(limit: 64), isRequired: true),
            // With commas: `5.0,6.0`.
            ResourceAttribute("protocols", .string(limit: 64), isRequired: true),
        ],
        relationships: [
            .toOne("provider", isWritable: false),
            .toMany("implementation", column: "version_id"),
        ],
        isReadable: { principal, row in ProviderResource.isReadable(principal, provider: row["provider_id"]) },
        writing: ResourceWriting(
            create: write,
            update: write,
            delete: { draft, context in try requireManager(of: draft, in: context) }
        )
    )

    package static let implementationSchema = ResourceSchema<Principal>(
        type: "implementation",
        isRoot: true,
        attributes: [
            ResourceAttribute("os", .string(limit: 32), isRequired: true),
            ResourceAttribute("arch", .string(limit: 32), isRequired: true),
            ResourceAttribute("filename", .string(limit: 512), isRequired: true),
            ResourceAttribute("downloadUrl", .string(limit: 1024), isRequired: true),
            ResourceAttribute("shasumsUrl", .string(limit: 1024), isRequired: true),
            ResourceAttribute("shasumsSignatureUrl", .string(limit: 1024), isRequired: true),
            ResourceAttribute("shasum", .string(limit: 1024), isRequired: true),
            ResourceAttribute("keyId", .string(limit: 32), isRequired: true),
            ResourceAttribute("asciiArmor", .string(limit: 1_000_000)),
            ResourceAttribute("trustSignature", .string(limit: 1_000_000), isRequired: true),
            ResourceAttribute("source", .string(limit: 64), isRequired: true),
            ResourceAttribute("sourceUrl", .string(limit: 512), isRequired: true),
        ],
        relationships: [.toOne("version", isRequired: true)],
        isReadable: { principal, row in
            """
            EXISTS (SELECT 1 FROM version WHERE version.id = \(row["version_id"])
            AND \(ProviderResource.isReadable(principal, provider: "version.provider_id")))
            """
        },
        writing: ResourceWriting(
            create: writeImplementation,
            update: writeImplementation,
            delete: { draft, context in try requireManager(ofImplementation: draft, in: context) }
        )
    )

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try requireManager(of: draft, in: context)
        try SemanticVersion.require(try draft.value("version_number"), attribute: "versionNumber")
        let protocols: String = try draft.value("protocols") ?? ""
        guard protocols.wholeMatch(of: /[0-9]+(\.[0-9]+)?( *, *[0-9]+(\.[0-9]+)?)*/) != nil else {
            throw APIError.invalid(attribute: "protocols", "protocols must be a list of protocol versions such as 5.0,6.0.")
        }
    }

    @Sendable
    private static func writeImplementation(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try requireManager(ofImplementation: draft, in: context)
        try draft.requireSamePlace("version")
    }

    private static func requireManager(of draft: ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try ProviderResource.requireManager(ofProvider: try draft.value("provider_id"), in: context)
    }

    private static func requireManager(ofImplementation draft: ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        // What is stored says who may write it, not where a client would like to have it.
        let version: String? = try draft.previous?.find("version_id") ?? draft.value("version_id")
        let row = try context.transaction.row("SELECT provider_id FROM version WHERE id = \(version)")
        try ProviderResource.requireManager(ofProvider: try row?.find("provider_id"), in: context)
    }
}
