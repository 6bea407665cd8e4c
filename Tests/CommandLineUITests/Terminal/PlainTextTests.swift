import Testing

@testable import CommandLineUI

struct PlainTextTests {
    @Test(
        "what would harm a terminal is left out",
        arguments: [
            ("plain ✓", "plain ✓"),
            ("a\u{1b}[2Jb", "ab"),
            ("a\u{1b}]0;title\u{7}b", "ab"),
            ("a\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\b", "alinkb"),
            ("a\u{9b}31mb", "a31mb"),
            ("a\rb\u{8}c", "abc"),
            ("a\u{1b}", "a"),
            ("a\u{1b}[12", "a"),
            ("tab\tstays", "tab\tstays"),
            ("two\nlines", "twolines"),
        ]
    )
    func line(text: String, expected: String) {
        #expect(PlainText.line(text) == expected)
    }

    @Test("a log keeps its colours where colours are wanted, and nothing else")
    func colours() {
        let text = "\u{1b}[1m\u{1b}[38;5;10m+ create\u{1b}[0m\u{1b}[2K"
        #expect(PlainText.logLine(text, keepsColours: true) == "\u{1b}[1m\u{1b}[38;5;10m+ create\u{1b}[0m")
        #expect(PlainText.logLine(text, keepsColours: false) == "+ create")
    }

    @Test("a private sequence that ends like a colour is none")
    func privateSequence() {
        #expect(PlainText.logLine("\u{1b}[>4;1mx", keepsColours: true) == "x")
    }

    @Test("a paragraph keeps its lines")
    func paragraph() {
        #expect(PlainText.paragraph("one\n\u{1b}[1mtwo") == "one\ntwo")
    }
}
