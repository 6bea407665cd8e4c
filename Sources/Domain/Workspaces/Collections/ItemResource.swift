import Identity
package import JSONAPI
package import Service

/// The native shape of one variable of a collection.
package struct ItemResource: Sendable {
    private let sensitive: SensitiveValue

    package init(keyring: Keyring) {
        sensitive = SensitiveValue(keyring: keyring, table: "item")
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "item",
            attributes: SensitiveValue.attributes(keyLimit: 3072, descriptionLimit: 512),
            relationships: [.toOne("collection", isWritable: false)],
            isReadable: { principal, row in CollectionResource.isReadable(principal, collection: row["collection_id"]) },
            writing: ResourceWriting(
                create: write,
                update: write,
                delete: { draft, context in try CollectionResource.requireManager(of: draft, in: context) }
            )
        )
    }

    private func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try CollectionResource.requireManager(of: draft, in: context)
        try sensitive.seal(&draft)
    }
}
