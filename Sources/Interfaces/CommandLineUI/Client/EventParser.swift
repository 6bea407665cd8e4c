import Foundation

/// Cuts a stream of server-sent events into events.
/// Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>.
struct EventParser {
    struct Event: Equatable {
        var name = "message"
        var id: String?
        var data = ""
    }

    private var rest = Data()
    private var event = Event()
    private var hasData = false

    mutating func events(in bytes: some Sequence<UInt8>) -> [Event] {
        rest.append(contentsOf: bytes)
        var events: [Event] = []
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: rest[..<newline], as: UTF8.self)
            rest = rest[rest.index(after: newline)...]
            if line.isEmpty {
                if hasData { events.append(event) }
                event = Event()
                hasData = false
            } else {
                take(line)
            }
        }
        return events
    }

    /// A line without a colon is a field without a value, one that begins with a colon is a comment.
    private mutating func take(_ line: String) {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : ""
        if value.hasPrefix(" ") { value = value.dropFirst() }
        switch parts[0] {
        case "event": event.name = String(value)
        case "id": event.id = String(value)
        case "data":
            event.data += (hasData ? "\n" : "") + value
            hasData = true
        default: return
        }
    }
}
