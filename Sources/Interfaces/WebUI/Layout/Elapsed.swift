import Foundation

/// How long something took, or takes so far.
struct Elapsed: Sendable, Equatable {
    let text: String
    /// In milliseconds since 1970, for scripts that count on; nil when it is over.
    let since: Int?

    /// - Parameter end: Nil when it goes on.
    init(from begin: Date, to end: Date?, now: Date) {
        let seconds = max(0, (end ?? now).timeIntervalSince(begin))
        text = end != nil && seconds < 10 ? Self.tenths(seconds) : Self.text(seconds: seconds)
        since = end == nil ? Int(begin.timeIntervalSince1970 * 1000) : nil
    }

    /// What was quick shows how quick it was.
    private static func tenths(_ seconds: TimeInterval) -> String {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    /// `live.js` says it in the same words.
    private static func text(seconds: TimeInterval) -> String {
        let whole = Int(seconds)
        return switch whole {
        case ..<60: "\(whole) s"
        case ..<3600: "\(whole / 60) min \(whole % 60) s"
        default: "\(whole / 3600) h \(whole / 60 % 60) min"
        }
    }
}
