package import Database

/// One attribute of a resource type.
package struct ResourceAttribute<Caller: Sendable>: Sendable {
    package let name: String
    /// Where it is stored; the name in snake case unless said otherwise.
    package let column: String
    package let kind: ResourceAttributeKind
    package let isRequired: Bool
    /// What a new row gets when the client sends nothing.
    package let defaultValue: JSONValue
    package let mutability: ResourceMutability
    /// Rows whose value the caller may see; elsewhere the attribute is absent, not null. Nil: all.
    package let isReadable: (@Sendable (Caller, SQLTable) -> SQL)?
    /// For what is computed and not stored: the expression. Such an attribute is read only.
    package let expression: (@Sendable (SQLTable) -> SQL)?

    package init(
        _ name: String,
        _ kind: ResourceAttributeKind,
        column: String? = nil,
        isRequired: Bool = false,
        defaultValue: JSONValue = .null,
        mutability: ResourceMutability = .always,
        isReadable: (@Sendable (Caller, SQLTable) -> SQL)? = nil,
        expression: (@Sendable (SQLTable) -> SQL)? = nil
    ) {
        self.name = name
        self.column = column ?? name.snakeCased
        self.kind = kind
        self.isRequired = isRequired
        self.defaultValue = defaultValue
        self.mutability = expression == nil ? mutability : .never
        self.isReadable = isReadable
        self.expression = expression
    }
}

/// What an attribute may hold.
package enum ResourceAttributeKind: Sendable, Equatable {
    /// At most `limit` characters (Unicode scalars, as the databases count them).
    case string(limit: Int)
    case integer
    case boolean
    /// Written `yyyy-MM-dd'T'HH:mm'Z'` in UTC, without seconds; read in any ISO 8601 form.
    case date
    /// One of these, in this exact spelling.
    case enumeration([String])
    /// A list of strings, stored as JSON text.
    case strings
}

/// When a client may set an attribute. The rules of writing may narrow it further.
package enum ResourceMutability: Sendable {
    case always
    case onCreate
    /// Sent values are refused on create and update.
    case never
    /// Sent values are accepted and dropped: shipped clients echo what they read.
    case ignored
}

extension String {
    /// `lastJobStatus` → `last_job_status`.
    package var snakeCased: String {
        reduce(into: "") { result, character in
            if character.isUppercase { result.append("_") }
            result += character.lowercased()
        }
    }
}
