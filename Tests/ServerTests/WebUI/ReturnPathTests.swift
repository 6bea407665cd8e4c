import Testing

@testable import WebUI

struct ReturnPathTests {
    @Test("a path on this server is a place to return to", arguments: ["/", "/runs/7", "/runs/7?tab=plan&x=%20#step", "/a//b", "/@host"])
    func goodPaths(path: String) {
        #expect(ReturnPath(path)?.path == path)
    }

    @Test(
        "nothing that leads elsewhere is a place to return to",
        arguments: [
            "", "runs", "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
            "/\t/evil.example", "/\n/evil.example", "/runs\r\nSet-Cookie: a=b", " /runs", "javascript:alert(1)", "/ü", "/login",
            "/login?next=/login", "/logout", "/" + String(repeating: "a", count: 2048),
        ]
    )
    func badPaths(path: String) {
        #expect(ReturnPath(path) == nil)
    }

    @Test("a place to return to travels in a query without becoming part of it")
    func queryValue() {
        #expect(ReturnPath("/runs?a=1&b=%20#x")?.queryValue == "/runs%3Fa%3D1%26b%3D%2520%23x")
    }
}
