import Foundation

extension Date {
    /// Without fractions: some clients read the dates of a token as integers.
    var wholeSeconds: Date {
        Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down))
    }
}
