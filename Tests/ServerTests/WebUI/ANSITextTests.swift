import Testing

@testable import WebUI

struct ANSITextTests {
    /// The HTML of the output, which is given in the portions that it arrives in.
    private func html(_ portions: [String]) -> String {
        var text = ANSIText()
        var html = ""
        for byte in portions.joined().utf8 { html += text.consume(byte) ?? "" }
        return html + (text.rest() ?? "")
    }

    @Test(
        "output becomes HTML",
        arguments: [
            ("plain", "plain"),
            ("a\nb\n", "a\nb\n"),
            ("\u{1B}[32mgreen\u{1B}[0m text", "<span class=\"fg2\">green</span> text"),
            ("\u{1B}[1m\u{1B}[31mError: \u{1B}[0m\u{1B}[0mbad", "<span class=\"bold fg1\">Error: </span>bad"),
            ("\u{1B}[1;3;4;91;44mall\u{1B}[mnone", "<span class=\"bold italic underline fg9 bg4\">all</span>none"),
            ("\u{1B}[2mfaint\u{1B}[22m strong", "<span class=\"faint\">faint</span> strong"),
            ("\u{1B}[33mone\ntwo\u{1B}[39m\n", "<span class=\"fg3\">one</span>\n<span class=\"fg3\">two</span>\n"),
            ("\u{1B}[38;5;9mindexed", "<span class=\"fg9\">indexed</span>"),
            ("\u{1B}[38;5;196mcube", "<span class=\"fg9\">cube</span>"),
            ("\u{1B}[38;5;244mgrey", "<span class=\"fg8\">grey</span>"),
            ("\u{1B}[38;2;20;160;40mtrue colour", "<span class=\"fg2\">true colour</span>"),
            ("\u{1B}[38:2::20:160:40mcolons\u{1B}[1mbold", "<span class=\"fg2\">colons</span><span class=\"bold fg2\">bold</span>"),
            ("\u{1B}[38;5;300;1mno such colour", "<span class=\"bold\">no such colour</span>"),
            ("\u{1B}[31m\u{1B}[0m", ""),
        ]
    )
    func styles(output: String, expected: String) {
        #expect(html([output]) == expected)
    }

    @Test(
        "what is neither text nor style goes",
        arguments: [
            ("\u{1B}[2J\u{1B}[1;1Hclear", "clear"),
            ("\u{1B}[?25lhidden cursor\u{1B}[?25h", "hidden cursor"),
            ("\u{1B}[>4;2mnot a style", "not a style"),
            ("\u{1B}]0;title\u{07}after", "after"),
            ("\u{1B}]8;;https://example.com\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"),
            ("\u{1B}(Bcharset", "charset"),
            ("\u{1B}7saved", "saved"),
            ("bell\u{07}back\u{08}space\u{00}\u{7F}", "bellbackspace"),
            ("tab\tstays", "tab\tstays"),
            ("windows\r\nends\r\n", "windows\nends\n"),
            ("10%\r50%\r100%\n", "100%\n"),
            ("\u{1B}]never closed\nnext line", "\nnext line"),
            ("\u{1B}[31\nm", "\nm"),
            ("\u{1B}[\(String(repeating: "1;", count: 100))mfar too long", "far too long"),
        ]
    )
    func removals(output: String, expected: String) {
        #expect(html([output]) == expected)
    }

    @Test(
        "output can't bring markup of its own",
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onmouseover='x' &amp;", "&quot; onmouseover=&#39;x&#39; &amp;amp;"),
            ("<\u{1B}[31mscript>", "&lt;<span class=\"fg1\">script&gt;</span>"),
            ("\u{1B}[31\"><script>m", "cript&gt;m"),
            ("<\u{301}script>", "&lt;\u{301}script&gt;"),
        ]
    )
    func markup(output: String, expected: String) {
        let html = html([output])
        #expect(Array(html.utf8) == Array(expected.utf8))
        #expect(html.contains("<script") == false)
    }

    @Test("sequences and characters may be cut anywhere")
    func cuts() {
        let output = "a\u{1B}[1;38;5;196mé<\u{1B}]0;t\u{1B}\\b\r\n\u{1B}[0m🟢\n"
        let whole = html([output])
        let bytes = Array(output.utf8)
        for cut in bytes.indices {
            var renderer = LogRenderer(at: LogPosition(step: 1, offset: 0))
            let portions = renderer.portions(of: .init(bytes[..<cut])) + renderer.portions(of: .init(bytes[cut...]))
            let lines = portions.map { $0.html.replacing("<span class=\"lines\">", with: "").dropLast("</span>".count) }
            #expect(lines.joined() == whole)
            #expect(renderer.end.offset == bytes.count)
        }
    }

    @Test("bytes that are no UTF-8 are shown as such, and end nothing")
    func badUTF8() {
        var text = ANSIText()
        var html = ""
        for byte: UInt8 in [0xE2, 0x3C, 0xFF, 0x62, 0x0A] { html += text.consume(byte) ?? "" }
        #expect(html == "\u{FFFD}&lt;\u{FFFD}b\n")
    }
}
