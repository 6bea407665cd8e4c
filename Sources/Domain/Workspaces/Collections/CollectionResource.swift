import Database
import Identity
package import JSONAPI
package import Service

/// The native shape of a collection, which others call a variable set: variables that several workspaces share.
package enum CollectionResource {
    private static let manager = Permissions.rule(.manageCollection)

    package static let schema = ResourceSchema<Principal>(
        type: "collection",
        isAudited: true,
        attributes: [
            ResourceAttribute("name", .string(limit: 128), isRequired: true),
            ResourceAttribute("description", .string(limit: 512)),
            ResourceAttribute("priority", .integer, isRequired: true),
        ],
        relationships: [
            .toOne("organization", isWritable: false),
            .toMany("item", column: "collection_id"),
            .toMany("reference", column: "collection_id"),
        ],
        isReadable: { principal, row in Permissions.isTeamMember(principal, of: row["organization_id"]) },
        writing: ResourceWriting(
            create: manager,
            update: manager,
            delete: { draft, context in
                try manager(&draft, context)
                try release(draft.id, in: context.transaction)
            }
        )
    )

    /// The condition that a row belongs to a collection which the principal can see.
    static func isReadable(_ principal: Principal, collection: SQL) -> SQL {
        """
        EXISTS (SELECT 1 FROM collection WHERE collection.id = \(collection)
        AND \(Permissions.isTeamMember(principal, of: "collection.organization_id")))
        """
    }

    /// The rule of what lies in a collection: whoever manages collections writes it.
    ///
    /// - Returns: The collection's organization.
    @discardableResult
    static func requireManager(of draft: ResourceDraft, in context: ResourceWriteContext<Principal>) throws -> String {
        let collection: String = try draft.value("collection_id") ?? ""
        let row = try context.transaction.row("SELECT organization_id FROM collection WHERE id = \(collection)")
        guard let organization = try row?.get("organization_id", as: String.self) else {
            throw APIError.invalid(relationship: "collection", "There is no collection \(collection).")
        }
        try Permissions(context.transaction).require(.manageCollection, organization: organization, for: context.caller)
        return organization
    }

    /// Lets go of workspaces that are deleted already.
    ///
    /// - Throws: `APIError` 409 while others use the collection: their next run would miss its variables.
    private static func release(_ collection: String, in transaction: any SQLTransaction) throws {
        try transaction.execute(
            """
            DELETE FROM reference WHERE collection_id = \(collection)
            AND workspace_id IN (SELECT id FROM workspace WHERE deleted)
            """
        )
        let used =
            try transaction.row("SELECT COUNT(*) AS count FROM reference WHERE collection_id = \(collection)")?
            .get("count", as: Int.self) ?? 0
        guard used == 0 else {
            throw APIError.conflict("The collection is in use by workspaces (\(used)): delete its references first.")
        }
    }
}
