/// One relationship of a resource type. Its name is also the path segment below the resource.
package struct ResourceRelationship: Sendable {
    package let name: String
    /// The type at the other end.
    package let target: String
    package let kind: Kind
    /// Whether a client may set it. A to-many relationship by a column is set by creating children below it.
    package let isWritable: Bool
    package let isRequired: Bool
    /// Whether documents leave the linkage out until it is asked for: by `include`, by name in `fields[type]`, or at the
    /// relationship's own path. For lists that grow without end, such as all jobs of an organization.
    package let isListedOnDemand: Bool

    private init(
        name: String,
        target: String?,
        kind: Kind,
        isWritable: Bool,
        isRequired: Bool = false,
        isListedOnDemand: Bool = false
    ) {
        self.name = name
        self.target = target ?? name
        self.kind = kind
        self.isWritable = isWritable
        self.isRequired = isRequired
        self.isListedOnDemand = isListedOnDemand
    }

    package enum Kind: Sendable, Equatable {
        /// This row's column holds the other's id.
        case toOne(column: String)
        /// At most one row of the target's table holds this id in its column.
        case toOneInverse(column: String)
        /// Rows of the target's table hold this id in their column.
        case toMany(column: String)
        /// Rows of `table` pair this id, in `column`, with the other's, in `targetColumn`.
        case toManyThrough(table: String, column: String, targetColumn: String)

        /// Whether the linkage is a list.
        var isToMany: Bool {
            switch self {
            case .toOne, .toOneInverse: false
            case .toMany, .toManyThrough: true
            }
        }
    }

    package static func toOne(
        _ name: String,
        _ target: String? = nil,
        column: String? = nil,
        isWritable: Bool = true,
        isRequired: Bool = false
    ) -> ResourceRelationship {
        ResourceRelationship(
            name: name,
            target: target,
            kind: .toOne(column: column ?? name.snakeCased + "_id"),
            isWritable: isWritable,
            isRequired: isRequired
        )
    }

    package static func toMany(
        _ name: String,
        _ target: String? = nil,
        column: String,
        isListedOnDemand: Bool = false
    ) -> ResourceRelationship {
        ResourceRelationship(
            name: name,
            target: target,
            kind: .toMany(column: column),
            isWritable: false,
            isListedOnDemand: isListedOnDemand
        )
    }

    package static func toOneInverse(_ name: String, _ target: String? = nil, column: String) -> ResourceRelationship {
        ResourceRelationship(name: name, target: target, kind: .toOneInverse(column: column), isWritable: false)
    }

    /// Many to many. The rows of `table` hold nothing but the pair.
    package static func toMany(
        _ name: String,
        _ target: String? = nil,
        through table: String,
        column: String,
        targetColumn: String,
        isWritable: Bool = true,
        isListedOnDemand: Bool = false
    ) -> ResourceRelationship {
        ResourceRelationship(
            name: name,
            target: target,
            kind: .toManyThrough(table: table, column: column, targetColumn: targetColumn),
            isWritable: isWritable,
            isListedOnDemand: isListedOnDemand
        )
    }
}
