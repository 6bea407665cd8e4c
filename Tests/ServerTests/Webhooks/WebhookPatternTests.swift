import Testing

@testable import Workspaces

struct WebhookPatternTests {
    @Test(
        "a list is cut at the commas between its expressions",
        arguments: [
            ("main", ["main"]),
            ("main, release/.* ,^(?!.*main).*$", ["main", "release/.*", "^(?!.*main).*$"]),
            ("v[0-9]{1,3},(a,b)", ["v[0-9]{1,3}", "(a,b)"]),
            ("[,(]+,x", ["[,(]+", "x"]),
            ("a\\,b,c", ["a\\,b", "c"]),
            ("\\[a,b", ["\\[a", "b"]),
            ("a),b", ["a)", "b"]),
            (" ,, ", []),
            ("", []),
        ]
    )
    func splitting(text: String, patterns: [String]) {
        #expect(WebhookPatterns(text).patterns == patterns)
    }

    @Test(
        "the first expression that does not compile is found",
        arguments: [
            ("main,release/.*", nil), ("^(?!.*main).*$,(?i)dev,a++", nil), ("main,*,[", "*"), ("main,[a-", "[a-"), ("(a", "(a"), ("", nil),
        ]
    )
    func compiling(text: String, wrong: String?) {
        #expect(WebhookPatterns(text).firstInvalid == wrong)
    }
}
