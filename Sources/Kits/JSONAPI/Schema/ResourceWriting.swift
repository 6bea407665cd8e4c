package import Database
package import Foundation

/// The rules of writing one resource type. A missing rule refuses the operation with 403.
///
/// Each rule runs inside the transaction of the write: first the rule that authorises and may amend the draft, then
/// the generic INSERT, UPDATE or DELETE, then the rule for what follows from it. Throw `APIError` to refuse.
package struct ResourceWriting<Caller: Sendable>: Sendable {
    package typealias Rule = @Sendable (inout ResourceDraft, ResourceWriteContext<Caller>) throws -> Void
    package typealias Consequence = @Sendable (ResourceDraft, ResourceWriteContext<Caller>) throws -> Void

    package let create: Rule?
    package let created: Consequence?
    package let update: Rule?
    package let updated: Consequence?
    /// The draft holds the row that is to go, as `previous`.
    package let delete: Rule?
    package let deleted: Consequence?

    package init(
        create: Rule? = nil,
        created: Consequence? = nil,
        update: Rule? = nil,
        updated: Consequence? = nil,
        delete: Rule? = nil,
        deleted: Consequence? = nil
    ) {
        self.create = create
        self.created = created
        self.update = update
        self.updated = updated
        self.delete = delete
        self.deleted = deleted
    }
}

/// What a write works with.
package struct ResourceWriteContext<Caller: Sendable> {
    package let transaction: any SQLTransaction
    package let caller: Caller
    package let now: Date
    package let newID: @Sendable () -> String

    package init(transaction: any SQLTransaction, caller: Caller, now: Date, newID: @escaping @Sendable () -> String) {
        self.transaction = transaction
        self.caller = caller
        self.now = now
        self.newID = newID
    }
}

/// A row on its way into the database.
package struct ResourceDraft: Sendable {
    package let type: String
    /// Empty until the database has counted it up, for `ResourceIdentity.integer`.
    package internal(set) var id: String
    /// The whole stored row (every column of the table) as it was; nil when the row is new.
    package let previous: SQLRow?
    /// The columns that will be written, by column name; attributes, to-one relationships and the parent alike.
    package var columns: [String: SQLValue]
    /// What many-to-many relationships will link to, ids by the relationship's name. Only those that are written.
    package var links: [String: Set<String>]
    /// The names of the attributes and relationships that the client sent.
    package let sent: Set<String>

    package init(
        type: String,
        id: String,
        previous: SQLRow?,
        columns: [String: SQLValue],
        links: [String: Set<String>] = [:],
        sent: Set<String>
    ) {
        self.type = type
        self.id = id
        self.previous = previous
        self.columns = columns
        self.links = links
        self.sent = sent
    }

    /// The value that a column will have after the write, NULL as nil.
    ///
    /// - Throws: `DatabaseError.unexpectedResult` when it is of another kind.
    package func value<Value: SQLConvertible>(_ column: String, as type: Value.Type = Value.self) throws -> Value? {
        guard let value = columns[column] else { return try previous?.find(column) }
        if value == .null { return nil }
        guard let converted = Value.from(value) else {
            throw DatabaseError.unexpectedResult("column \(column) is no \(Value.self)")
        }
        return converted
    }

    /// Whether the write gives this column another value than it has.
    package func changes(_ column: String) -> Bool {
        guard let value = columns[column] else { return false }
        guard let stored = try? previous?.raw(column) else { return true }
        return stored.isSame(as: value) == false
    }

    package mutating func set(_ column: String, _ value: (some SQLConvertible)?) {
        columns[column] = value?.sqlValue ?? .null
    }
}

extension SQLValue {
    /// Equality across the two ways in which engines give a boolean back, and of text as stored: Swift takes
    /// canonically equivalent texts for equal.
    fileprivate func isSame(as other: SQLValue) -> Bool {
        switch (self, other) {
        case (.boolean(let boolean), .integer(let integer)), (.integer(let integer), .boolean(let boolean)): boolean == (integer != 0)
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        default: self == other
        }
    }
}
