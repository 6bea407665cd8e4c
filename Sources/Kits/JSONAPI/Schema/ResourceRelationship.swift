/// One relationship of a resource type. Its name is also the path segment below the resource.
package struct ResourceRelationship: Sendable {
    package let name: String
    /// The type at the other end.
    package let target: String
    package let kind: Kind
    /// Whether a client may set it. A to-many relationship is set by creating children below it.
    package let isWritable: Bool
    package let isRequired: Bool

    package enum Kind: Sendable, Equatable {
        /// This row's column holds the other's id.
        case toOne(column: String)
        /// At most one row of the target's table holds this id in its column.
        case toOneInverse(column: String)
        /// Rows of the target's table hold this id in their column.
        case toMany(column: String)
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
            target: target ?? name,
            kind: .toOne(column: column ?? name.snakeCased + "_id"),
            isWritable: isWritable,
            isRequired: isRequired
        )
    }

    package static func toMany(_ name: String, _ target: String? = nil, column: String) -> ResourceRelationship {
        ResourceRelationship(name: name, target: target ?? name, kind: .toMany(column: column), isWritable: false, isRequired: false)
    }

    package static func toOneInverse(_ name: String, _ target: String? = nil, column: String) -> ResourceRelationship {
        ResourceRelationship(
            name: name,
            target: target ?? name,
            kind: .toOneInverse(column: column),
            isWritable: false,
            isRequired: false
        )
    }
}
