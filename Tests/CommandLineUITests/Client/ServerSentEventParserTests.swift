import Testing

@testable import CommandLineUI

struct ServerSentEventParserTests {
    private func events(_ text: String) -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        return parser.feed(text.utf8)
    }

    @Test("an event ends with an empty line", arguments: ["\n", "\r", "\r\n"])
    func lineEnds(end: String) {
        let events = events("id: 6\(end)data: Hello\(end)\(end)id: 13\(end)data: again\(end)\(end)")
        #expect(
            events == [
                ServerSentEvent(name: "message", data: "Hello", lastEventID: "6"),
                ServerSentEvent(name: "message", data: "again", lastEventID: "13"),
            ]
        )
    }

    @Test("pieces of any size give the same events")
    func pieces() {
        let text = "id: 4\r\ndata: äöü ✓\r\n\r\nevent: end\r\ndata: \r\n\r\n"
        var parser = ServerSentEventParser()
        let byByte = text.utf8.flatMap { parser.feed([$0]) }
        #expect(byByte == events(text))
        #expect(byByte.map(\.data) == ["äöü ✓", ""])
    }

    @Test("an empty line of a log is an event")
    func emptyData() {
        #expect(events("id: 1\ndata: \n\n").map(\.data) == [""])
    }

    @Test("comments and events without data bring nothing")
    func heartbeats() {
        #expect(events(": heartbeat\n\nevent: end\n\n\n\n").isEmpty)
    }

    @Test("several data fields are lines of one event")
    func multipleLines() {
        #expect(events("data: one\ndata:two\ndata\n\n").map(\.data) == ["one\ntwo\n"])
    }

    @Test("only the first space of a value is left out")
    func indentation() {
        #expect(events("data:   + create\n\n").map(\.data) == ["  + create"])
    }

    @Test("the last id stays until there is another one")
    func lastEventID() {
        #expect(events("id: 7\ndata: a\n\ndata: b\n\nid: 8\0\ndata: c\n\n").map(\.lastEventID) == ["7", "7", "7"])
    }

    @Test("a name counts for one event")
    func names() {
        #expect(events("event: end\ndata: a\n\ndata: b\n\n").map(\.name) == ["end", "message"])
    }

    @Test("an event that the connection cut off is left out")
    func truncated() {
        #expect(events("data: whole\n\ndata: half").map(\.data) == ["whole"])
    }
}
