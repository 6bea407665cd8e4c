/// Where a new resource hangs, as its path says: `/organization/{id}/workspace` is the organization with that id and
/// its relationship `workspace`.
package struct ResourceParent: Sendable, Hashable {
    package let type: String
    package let id: String
    package let relationship: String

    package init(type: String, id: String, relationship: String) {
        self.type = type
        self.id = id
        self.relationship = relationship
    }
}
