import Foundation

/// A time as pages show it: how long ago for people, exactly for their doubts, and as ISO 8601 for scripts.
struct Moment: Sendable, Equatable {
    let iso: String
    let exact: String
    let relative: String

    init(_ date: Date, now: Date) {
        iso = date.formatted(.iso8601)
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space).year().month().day().time(includingFractionalSeconds: false)
        exact = date.formatted(style) + " UTC"
        relative = Self.distance(from: date, to: now)
    }

    private static func distance(from date: Date, to now: Date) -> String {
        let seconds = Int(now.timeIntervalSince(date))
        return switch seconds {
        case ..<10: "just now"
        case ..<60: "\(seconds) seconds ago"
        case ..<3600: count(seconds / 60, "minute")
        case ..<86_400: count(seconds / 3600, "hour")
        case ..<(30 * 86_400): count(seconds / 86_400, "day")
        default: "on " + date.formatted(.iso8601.year().month().day())
        }
    }

    private static func count(_ number: Int, _ unit: String) -> String {
        "\(number) \(unit)\(number == 1 ? "" : "s") ago"
    }
}
