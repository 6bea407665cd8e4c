package import Foundation

/// A token that stands for a group, for machines; without the token itself, which is shown once and never stored.
package struct TeamToken: Sendable, Equatable {
    /// How long a token lives; nothing of all three is without end.
    package struct Lifetime: Sendable, Equatable {
        package let days: Int
        package let hours: Int
        package let minutes: Int

        package init(days: Int = 0, hours: Int = 0, minutes: Int = 0) {
            self.days = days
            self.hours = hours
            self.minutes = minutes
        }

        var seconds: Int { (days * 24 + hours) * 3600 + minutes * 60 }
    }

    package let id: String
    package let group: String
    package let description: String
    package let lifetime: Lifetime
    package let expiresDate: Date?
    package let createdDate: Date
    /// The email address of who made it.
    package let createdBy: String

    init(id: String, group: String, description: String, lifetime: Lifetime, createdDate: Date, createdBy: String) {
        self.id = id
        self.group = group
        self.description = description
        self.lifetime = lifetime
        self.expiresDate = lifetime.seconds == 0 ? nil : createdDate.addingTimeInterval(Double(lifetime.seconds))
        self.createdDate = createdDate
        self.createdBy = createdBy
    }
}
