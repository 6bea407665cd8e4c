package import Foundation

/// A personal access token, without the token itself: that is shown once and never stored.
package struct PersonalToken: Sendable, Equatable {
    package let id: String
    package let userID: String
    package let description: String
    /// Days of life; 0 is without end.
    package let days: Int
    package let expiresDate: Date?
    package let createdDate: Date
    package let createdBy: String

    init(id: String, userID: String, description: String, days: Int, createdDate: Date, createdBy: String) {
        self.id = id
        self.userID = userID
        self.description = description
        self.days = days
        self.expiresDate = days == 0 ? nil : createdDate.addingTimeInterval(Double(days) * 86_400)
        self.createdDate = createdDate
        self.createdBy = createdBy
    }
}
