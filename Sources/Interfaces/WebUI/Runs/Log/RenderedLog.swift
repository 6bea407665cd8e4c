import Foundation

/// What a page shows of a step's output: all of it, or the end of what is too long for a page.
struct RenderedLog: Sendable {
    /// The most of a step's output that a page holds, in bytes; the rest is a download away.
    static let pageLimit = 2 * 1024 * 1024

    let html: String
    let end: LogPosition
    let isShortened: Bool

    /// - Parameter isWhole: Whether the step is over; else an unfinished last line is left to the live stream.
    init(_ output: Data, step: Int, isWhole: Bool, limit: Int = Self.pageLimit) {
        var start = output.startIndex
        if output.count > limit {
            let newline = output.suffix(limit).firstIndex(of: UInt8(ascii: "\n"))
            start = newline.map { $0 + 1 } ?? output.endIndex - limit
        }
        var renderer = LogRenderer(at: LogPosition(step: step, offset: start - output.startIndex))
        var portions = renderer.portions(of: output[start...])
        if isWhole, let rest = renderer.rest() { portions.append(rest) }
        html = portions.map(\.html).joined()
        end = renderer.end
        isShortened = start > output.startIndex
    }
}
