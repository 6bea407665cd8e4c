package import Foundation

/// A person with an account on this server.
package struct User: Sendable, Equatable {
    package let id: String
    package let username: String
    package let email: String
    package let groups: Set<String>
    package let isDisabled: Bool
    package let createdDate: Date

    package init(id: String, username: String, email: String, groups: Set<String>, isDisabled: Bool = false, createdDate: Date) {
        self.id = id
        self.username = username
        self.email = email
        self.groups = groups
        self.isDisabled = isDisabled
        self.createdDate = createdDate
    }
}
