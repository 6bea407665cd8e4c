/// One event of a stream to a browser.
/// Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>.
struct ServerSentEvent: Sendable, Equatable {
    let name: String
    /// What the browser sends as `Last-Event-ID` when it comes back; nil leaves it at the last one.
    let id: String?
    let data: String

    init(_ name: String, id: String? = nil, data: String = "") {
        self.name = name
        self.id = id
        self.data = data
    }

    /// A sign of life: it shows a connection that has gone, and keeps proxies from ending one that is quiet.
    static let heartbeat = ServerSentEvent("", data: "")

    /// The event on the wire.
    var text: String {
        guard self != .heartbeat else { return ": heartbeat\n\n" }
        var text = "event: \(name)\n"
        if let id { text += "id: \(id)\n" }
        // A carriage return would end the line as well. By bytes, as "\r\n" is one character.
        for line in data.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            text += "data: \(String(decoding: line.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self))\n"
        }
        return text + "\n"
    }
}
