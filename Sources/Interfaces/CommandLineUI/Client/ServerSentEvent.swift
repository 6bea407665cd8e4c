/// One event of a stream.
struct ServerSentEvent: Sendable, Equatable {
    /// `message` unless the server says otherwise.
    let name: String
    let data: String
    /// The id to come back with, when the connection breaks.
    let lastEventID: String
}

/// Reads `text/event-stream`, in pieces of any size.
/// Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>.
struct ServerSentEventParser {
    private var line: [UInt8] = []
    /// A line feed right after a carriage return belongs to it.
    private var skipsLineFeed = false
    private var isFirstLine = true

    private var name = ""
    private var data = ""
    private var lastEventID = ""

    mutating func feed(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n") where skipsLineFeed:
                skipsLineFeed = false
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                skipsLineFeed = byte == UInt8(ascii: "\r")
                if let event = endLine() { events.append(event) }
            default:
                skipsLineFeed = false
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        var text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        if isFirstLine, text.first == "\u{feff}" { text.removeFirst() }
        isFirstLine = false
        guard text.isEmpty == false else { return dispatch() }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count == 2 ? parts[1] : ""
        if value.first == " " { value.removeFirst() }
        switch parts[0] {
        case "event": name = String(value)
        case "data": data += value + "\n"
        case "id" where value.unicodeScalars.contains("\0") == false: lastEventID = String(value)
        // An empty name is a comment; `retry` is not for us, who have our own idea of waiting.
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer { (name, data) = ("", "") }
        guard data.isEmpty == false else { return nil }
        return ServerSentEvent(name: name.isEmpty ? "message" : name, data: String(data.dropLast()), lastEventID: lastEventID)
    }
}
