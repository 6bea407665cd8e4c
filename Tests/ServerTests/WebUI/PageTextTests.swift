import Foundation
import Testing

@testable import WebUI

struct PageTextTests {
    private let now = Date(timeIntervalSince1970: 1_714_980_000)

    @Test(
        "times are told by how long ago they are",
        arguments: [
            (-5, "just now"), (3, "just now"), (59, "59 seconds ago"), (60, "1 minute ago"), (3599, "59 minutes ago"), (3600, "1 hour ago"),
            (86_400, "1 day ago"), (29 * 86_400, "29 days ago"), (30 * 86_400, "on 2024-04-06"),
        ]
    )
    func moments(seconds: Int, expected: String) {
        #expect(Moment(now.addingTimeInterval(Double(-seconds)), now: now).relative == expected)
    }

    @Test("times are told exactly as well")
    func exactMoment() {
        let moment = Moment(now, now: now)
        #expect(moment.iso == "2024-05-06T07:20:00Z")
        #expect(moment.exact == "2024-05-06 07:20:00 UTC")
    }

    @Test(
        "durations are told in two units",
        arguments: [(-1.0, "0.0 s"), (0.34, "0.3 s"), (59.9, "59 s"), (61, "1 min 1 s"), (3600, "1 h 0 min"), (90_061, "25 h 1 min")]
    )
    func durations(seconds: Double, expected: String) {
        #expect(Elapsed(from: now, to: now.addingTimeInterval(seconds), now: now).text == expected)
    }

    @Test("what goes on is counted in whole seconds, and says since when")
    func unfinished() {
        let elapsed = Elapsed(from: now, to: nil, now: now.addingTimeInterval(4.7))
        #expect(elapsed.text == "4 s")
        #expect(elapsed.since == 1_714_980_000_000)
    }

    @Test("templates escape a quote even when a combining mark follows it")
    func scalars() {
        let escaped = ScalarHTML().escapeText("\"\u{301} <\u{20E3} 'x' &")
        #expect(Array(escaped.utf8) == Array("&quot;\u{301} &lt;\u{20E3} &#39;x&#39; &amp;".utf8))
    }

    @Test("an event's data can't begin another field")
    func eventData() {
        let event = ServerSentEvent("log", id: "100.4", data: "a\r\nid: 7\r\rb\n")
        #expect(event.text == "event: log\nid: 100.4\ndata: a\ndata: id: 7b\ndata: \n\n")
    }
}
