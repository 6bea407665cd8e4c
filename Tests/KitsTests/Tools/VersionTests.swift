import Testing
import Tools

@Suite("Versions and constraints")
struct VersionTests {
    @Test("versions are ordered as semver.org item 11 says")
    func order() throws {
        let texts = [
            "0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
            "1.0.0",
            "1.0.1", "1.2.0", "1.10.0", "2.0.0",
        ]
        let versions = try texts.map { try #require(Version($0)) }
        #expect(versions.shuffled().sorted() == versions)
        #expect(versions.map(\.description) == texts)
        #expect(Version("v1.2.3+build.5") == Version(1, 2, 3))
    }

    @Test(
        "what is no version is none",
        arguments: ["", "1", "1.2", "1.2.x", "1.2.3.4", "a.b.c", "1.2.3-", "1.2.-3", "1.2.3-a..b", "1.2.3 ", "+1.2.3", "1.+2.3"]
    )
    func invalid(text: String) {
        #expect(Version(text) == nil)
    }

    private static let published = [
        "0.1.9", "0.2.3", "0.2.4", "0.11.15", "1.0.0", "1.2.0", "1.2.9", "1.5.7", "1.9.0", "1.9.8", "1.10.0-rc1", "1.10.0", "1.11.4",
        "2.0.0-beta1", "2.0.0",
    ]

    @Test(
        "the newest version that satisfies is chosen",
        arguments: [
            ("1.9.0", "1.9.0"), ("v1.9.0", "1.9.0"), ("= 1.9.0", "1.9.0"), ("1.10.0-rc1", "1.10.0-rc1"), ("=1.10.0-rc1", "1.10.0-rc1"),
            ("~> 1.9", "1.11.4"), ("~> 1.9.0", "1.9.8"), ("~>1.9.0", "1.9.8"), ("~> 1", "1.11.4"), ("~> 1.9, != 1.11.4", "1.10.0"),
            (">= 1.5, < 1.10", "1.9.8"), (">= 1.2.0, <= 1.5.7", "1.5.7"), ("> 1.9.8, < 1.11.0", "1.10.0"), ("< 1.0.0", "0.11.15"),
            (">=1.5.0,<2.0.0", "1.11.4"),
            ("1.x", "1.11.4"), ("1.9.x", "1.9.8"), ("1.9", "1.9.8"), ("1", "1.11.4"), ("~1.9.0", "1.9.8"), ("~1.9", "1.9.8"),
            ("~1", "1.11.4"),
            ("^1.2", "1.11.4"), ("^1.2.0", "1.11.4"), ("^0.2.3", "0.2.4"), ("^0.1", "0.1.9"), ("^0", "0.11.15"), ("*", "2.0.0"),
            ("latest", "2.0.0"), ("", "2.0.0"), ("x", "2.0.0"),
            (">=1.2 <1.9", "1.5.7"), ("1.2 - 1.5", "1.5.7"), ("1.2.0 - 1.5.6", "1.2.9"), ("0.2.x || 1.2.x", "1.2.9"), ("< 2.0.0", "1.11.4"),
            (" >= 2 ", "2.0.0"),
            ("= 1.9", "1.9.0"),
        ]
    )
    func best(constraint: String, expected: String) throws {
        let versions = Self.published.compactMap { Version($0) }
        #expect(try VersionConstraint(constraint).best(from: versions)?.description == expected)
    }

    @Test(
        "nothing is chosen when nothing satisfies",
        arguments: ["3.0.0", "> 2.0.0", ">= 2.0.0-alpha, < 2.0.0", "~> 1.12", "!= 1.0.0, = 1.0.0"]
    )
    func none(constraint: String) throws {
        #expect(try VersionConstraint(constraint).best(from: Self.published.compactMap { Version($0) }) == nil)
    }

    @Test(
        "what is no constraint is refused with an example",
        arguments: ["abc", ">> 1.0", "1.2.3.4", ">=", "~> ", "> *", "1.x.3", "1.2; rm -rf /", "=> 1.0"]
    )
    func invalidConstraint(text: String) {
        let error = #expect(throws: ToolError.self) { try VersionConstraint(text) }
        #expect(error?.description.contains("~> 1.9") == true)
    }
}
