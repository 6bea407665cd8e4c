package import JSONAPI

extension ResourceDraft {
    /// A resource that is made under another one, or for it, stays there: moving it would be a way around the rules of
    /// both places.
    ///
    /// - Parameter relationships: The to-one relationships that say where it is.
    /// - Throws: `APIError` 400 when the write would move it.
    package func requireSamePlace(_ relationships: String...) throws(APIError) {
        guard previous != nil else { return }
        for relationship in relationships where changes(relationship.snakeCased + "_id") {
            throw .invalid(relationship: relationship, "This \(type) stays with its \(relationship).")
        }
    }
}
