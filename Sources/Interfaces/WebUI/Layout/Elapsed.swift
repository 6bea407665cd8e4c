import Foundation

/// How long something took, or takes so far.
struct Elapsed: Sendable, Equatable {
    let text: String
    /// In milliseconds since 1970, for scripts that count on; nil when it is over.
    let since: Int?

    /// - Parameter end: Nil when it goes on.
    init(from begin: Date, to end: Date?, now: Date) {
        text = Self.text(seconds: (end ?? now).timeIntervalSince(begin))
        since = end == nil ? Int(begin.timeIntervalSince1970 * 1000) : nil
    }

    /// `live.js` says it in the same words.
    static func text(seconds: TimeInterval) -> String {
        let whole = max(0, Int(seconds))
        return switch whole {
        case ..<60: "\(whole) s"
        case ..<3600: "\(whole / 60) min \(whole % 60) s"
        default: "\(whole / 3600) h \(whole / 60 % 60) min"
        }
    }
}
