package import Database

/// A resource type of the native API, declared: its table, its attributes and relationships, who reads what, and the
/// rules of writing. Reading compiles from this to bounded SQL; writing runs the rules inside one transaction.
///
/// `Caller` is whoever asks; this kit does not look inside.
package struct ResourceSchema<Caller: Sendable>: Sendable {
    /// The JSON:API type, which is also the root path, such as `workspace`.
    package let type: String
    package let table: String
    package let identity: ResourceIdentity
    /// Whether `/type` and `/type/{id}` exist beside the paths through a parent.
    package let isRoot: Bool
    /// Whether rows carry `created_date`, `created_by`, `updated_date`, `updated_by`, shown as `createdDate` ….
    package let isAudited: Bool
    package let attributes: [ResourceAttribute<Caller>]
    package let relationships: [ResourceRelationship]
    /// Attributes that shipped clients send although the type lacks them: accepted and dropped.
    package let ignoredAttributes: Set<String>
    /// Which rows exist for anybody at all, such as `NOT deleted`.
    package let exists: @Sendable (SQLTable) -> SQL
    /// Which rows this caller may read.
    package let isReadable: @Sendable (Caller, SQLTable) -> SQL
    package let writing: ResourceWriting<Caller>

    package init(
        type: String,
        table: String? = nil,
        identity: ResourceIdentity = .uuid,
        isRoot: Bool = false,
        isAudited: Bool = false,
        attributes: [ResourceAttribute<Caller>],
        relationships: [ResourceRelationship] = [],
        ignoredAttributes: Set<String> = [],
        exists: @escaping @Sendable (SQLTable) -> SQL = { _ in "TRUE" },
        isReadable: @escaping @Sendable (Caller, SQLTable) -> SQL,
        writing: ResourceWriting<Caller> = ResourceWriting()
    ) {
        self.type = type
        self.table = table ?? type
        self.identity = identity
        self.isRoot = isRoot
        self.isAudited = isAudited
        self.attributes = attributes
        self.relationships = relationships
        self.ignoredAttributes = ignoredAttributes
        self.exists = exists
        self.isReadable = isReadable
        self.writing = writing
    }
}

/// How the rows of a type get their `id`.
package enum ResourceIdentity: Sendable {
    /// A UUID in lower case that the server makes; what a client sends is ignored.
    case uuid
    /// A number that the database counts up.
    case integer
    /// The client must send it.
    case fromClient
}

/// A table under the alias that a query gave it. Conditions name columns through it: `row["organization_id"]`.
///
/// The engine's own aliases consist of underscores; a condition with a subquery uses any other name there.
package struct SQLTable: Sendable {
    package let alias: String

    package init(alias: String) {
        self.alias = alias
    }

    package subscript(column: String) -> SQL {
        "\(identifier: alias).\(identifier: column)"
    }
}
