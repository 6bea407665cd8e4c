import Testing

@testable import Tools

@Suite("Git addresses and references")
struct GitSourceTests {
    @Test(
        "addresses that could run a program, read this machine or hide something are refused",
        arguments: [
            "ext::sh -c touch% /tmp/x", "ext::sh", "file:///etc/passwd", "/etc", "./repo", "../repo", "--upload-pack=touch /tmp/x",
            "-oProxyCommand=x",
            "git://example.com/a", "ssh://git@example.com/a", "git@example.com:a/b.git", "https://", "https:///a", "https://-x/a", "",
            "https://example.com/a b", "https://example.com/a\nb", "https://example.com/a\u{0}b", "https://example.com/a?ref=x",
            "https://example.com/a#x", "http::https://example.com/a", "https:example.com/a",
        ]
    )
    func refused(url: String) {
        #expect {
            try GitSource(url: url)
        } throws: { error in
            if case ToolError.refused = error { true } else { false }
        }
    }

    @Test("credentials are taken out of the address and never printed")
    func credentials() throws {
        let source = try GitSource(url: "HTTPS://us%40er:s3cr%2Fet@Git.Example.com:8443/team/app.git/")
        #expect(source.url == "https://git.example.com:8443/team/app.git")
        #expect(source.origin == "https://git.example.com:8443")
        #expect(source.credentials == GitCredentials(username: "us@er", password: "s3cr/et"))
        #expect(!"\(source)".contains("s3cr"))
        #expect(!String(reflecting: source).contains("s3cr"))
        var dumped = ""
        dump(source, to: &dumped)
        #expect(!dumped.contains("s3cr"))
    }

    @Test("relative submodule addresses follow their parent")
    func submodule() throws {
        let source = try GitSource(url: "https://example.com/team/app.git")
        #expect(try source.submodule(url: "../lib.git").url == "https://example.com/team/lib.git")
        #expect(try source.submodule(url: "./lib").url == "https://example.com/team/app.git/lib")
        #expect(try source.submodule(url: "https://other.example/x").url == "https://other.example/x")
        #expect(throws: ToolError.self) { try source.submodule(url: "../../../x") }
        #expect(throws: ToolError.self) { try source.submodule(url: "ext::sh") }
    }

    @Test(
        "names that git would not take, or would take for something else, are refused",
        arguments: [
            "-x", "--upload-pack=x", "a..b", "a b", "a\tb", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "/a", "a/", "a//b", ".a", "a/.b",
            "a.lock",
            "a.lock/b", "a.", "@", "a@{1}", "a\u{7f}",
        ]
    )
    func refusedReference(text: String) {
        #expect(throws: ToolError.self) { try GitReference(text) }
    }

    @Test("names, commits and the default branch are told apart")
    func reference() throws {
        #expect(try GitReference("main") == .name("main"))
        #expect(try GitReference("feature/ü-1") == .name("feature/ü-1"))
        #expect(try GitReference("refs/pull/1/head") == .full("refs/pull/1/head"))
        #expect(try GitReference("") == .defaultBranch)
        #expect(try GitReference("HEAD") == .defaultBranch)
        let commit = String(repeating: "Ab", count: 20)
        #expect(try GitReference(commit) == .commit(commit.lowercased()))
        #expect(try GitReference("abcdef1") == .name("abcdef1"))
    }
}
