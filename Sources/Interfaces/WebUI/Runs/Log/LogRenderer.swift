import Foundation

/// Renders the output of one step as it comes, in portions of whole lines.
struct LogRenderer: Sendable {
    /// Some lines of a log as HTML, and where the log goes on after them.
    struct Portion: Sendable, Equatable {
        let html: String
        let end: LogPosition
    }

    /// As many lines make a portion of their own: browsers lay out only the portions that can be seen. The style sheet
    /// knows this number as their height.
    static let linesPerPortion = 200

    private var text: ANSIText
    private(set) var end: LogPosition
    /// Bytes of the line that has not ended.
    private var unfinished = 0

    init(at position: LogPosition) {
        end = position
        text = ANSIText(style: position.style)
    }

    /// The portions that these bytes complete; a line without its end waits for it.
    mutating func portions(of bytes: Data) -> [Portion] {
        var result: [Portion] = []
        var lines: [String] = []
        for byte in bytes {
            unfinished += 1
            guard let line = text.consume(byte) else { continue }
            lines.append(line)
            advance()
            if lines.count == Self.linesPerPortion { result.append(take(&lines)) }
        }
        if lines.isEmpty == false { result.append(take(&lines)) }
        return result
    }

    /// The last line, when no newline ends it.
    mutating func rest() -> Portion? {
        guard let line = text.rest() else { return nil }
        advance()
        var lines = [line]
        return take(&lines)
    }

    private mutating func advance() {
        end = LogPosition(step: end.step, offset: end.offset + unfinished, style: text.style)
        unfinished = 0
    }

    private func take(_ lines: inout [String]) -> Portion {
        defer { lines.removeAll(keepingCapacity: true) }
        let name = lines.count == Self.linesPerPortion ? "lines full" : "lines"
        return Portion(html: "<span class=\"\(name)\">\(lines.joined())</span>", end: end)
    }
}
