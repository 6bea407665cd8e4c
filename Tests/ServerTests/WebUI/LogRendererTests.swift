import Foundation
import Testing

@testable import WebUI

struct LogRendererTests {
    private func portions(of text: String) -> [LogRenderer.Portion] {
        var renderer = LogRenderer(at: LogPosition(step: 100, offset: 0))
        return renderer.portions(of: Data(text.utf8))
    }

    @Test("a position is read back from its text", arguments: ["100.0", "100.5120", "200.64.1;31", "7.9.1;2;3;4;93;104"])
    func positions(text: String) throws {
        let position = try #require(LogPosition(text))
        #expect(position.description == text)
    }

    @Test(
        "a text that is no position is none",
        arguments: ["", "100", "x.1", "1.-1", "1.x", "99999999999999999999.1", String(repeating: "1", count: 200) + ".1"]
    )
    func badPositions(text: String) {
        #expect(LogPosition(text) == nil)
    }

    @Test("a position can't bring markup")
    func positionStyle() throws {
        let position = try #require(LogPosition("1.2.\"><script>;31"))
        #expect(position.style.classes == "fg1")
    }

    @Test("whoever goes on after a portion sees the rest as it would have been")
    func resumption() throws {
        let first = "\u{1B}[1;31mone\ntwo\n"
        let second = "three\u{1B}[0m\nfour\n"
        let position = try #require(portions(of: first).last?.end)
        #expect("\(position)" == "100.\(first.utf8.count).1;31")
        var resumed = LogRenderer(at: try #require(LogPosition("\(position)")))
        let html = resumed.portions(of: Data(second.utf8)).map(\.html).joined()
        #expect(html == "<span class=\"lines\"><span class=\"bold fg1\">three</span>\nfour\n</span>")
        #expect("\(resumed.end)" == "100.\((first + second).utf8.count)")
    }

    @Test("a line waits for its end")
    func unfinishedLine() {
        var renderer = LogRenderer(at: LogPosition(step: 1, offset: 0))
        #expect(renderer.portions(of: Data("one\ntw".utf8)).map(\.html) == ["<span class=\"lines\">one\n</span>"])
        #expect(renderer.end.offset == 4)
        #expect(renderer.portions(of: Data("o\n".utf8)).map(\.html) == ["<span class=\"lines\">two\n</span>"])
        #expect(renderer.rest() == nil)
        #expect(renderer.portions(of: Data("three".utf8)).isEmpty)
        #expect(renderer.rest()?.html == "<span class=\"lines\">three</span>")
    }

    @Test("a long log comes in portions that browsers can skip")
    func longLog() {
        let portions = portions(of: String(repeating: "line\n", count: 450))
        #expect(portions.map { $0.html.hasPrefix("<span class=\"lines full\">") } == [true, true, false])
        #expect(portions.last?.end.offset == 450 * 5)
    }

    @Test("a page shows the end of a log that is too long for it, from the beginning of a line")
    func shortening() {
        let log = RenderedLog(Data("first line\nsecond line\nthird\n".utf8), step: 1, isWhole: true, limit: 15)
        #expect(log.isShortened)
        #expect(log.html == "<span class=\"lines\">third\n</span>")
        #expect(log.end.offset == 29)
    }
}
