import Foundation
import JSONAPI
import TestSupport
import Testing

/// What is meant to keep the server busy is refused before it can.
@Suite(.serialized)
struct RefusalTimeTests {
    /// Code that is not optimised, as tests run it, takes about ten times as long, and shares two cores with other tests.
    #if DEBUG
        private static let limit = Duration.seconds(2)
    #else
        private static let limit = Duration.milliseconds(100)
    #endif
    private static let megabytes = 4 * 1024 * 1024

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static let bodies: [(String, Data)] = [
        ("arrays in arrays", Data(repeated("[", megabytes).utf8)),
        ("objects in objects", Data(repeated(#"{"a":"#, megabytes / 5).utf8)),
        ("many values", Data((#"{"data":["# + repeated("1,", megabytes / 2 - 8)).utf8)),
        ("many members", Data((#"{"data":{"# + repeated(#""a":1,"#, megabytes / 6 - 8)).utf8)),
        ("a string without end", Data((#"{"data":""# + repeated("x", megabytes - 16)).utf8)),
        ("a long unknown attribute", Data((#"{"data":{"type":"author","attributes":{""# + repeated("é", 500_000) + #"":1}}}"#).utf8)),
        ("a long value", Data((#"{"data":{"type":"author","attributes":{"name":""# + repeated("x", 1_000_000) + #""}}}"#).utf8)),
        ("a body that is too large", Data(count: megabytes + 1)),
        ("invalid UTF-8 at the end", Data((#"{"data":""# + repeated("x", megabytes - 16)).utf8) + [0xFF]),
        ("a NUL", Data(#"{"data":{"type":"author","attributes":{"name":"a\u0000b"}}}"#.utf8)),
        ("half of a surrogate pair", Data(#"{"data":{"type":"author","attributes":{"name":"\ud800"}}}"#.utf8)),
        ("a number beyond all bounds", Data((#"{"data":1"# + repeated("0", 1_000_000) + "}").utf8)),
    ]

    @Test("a body that is a burden is refused at once", arguments: TestEngine.allCases)
    func bodies(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            for (name, body) in Self.bodies {
                for path in ["/author", "/operations"] {
                    try await expectRefusal(name) { await library.send("POST", path, data: body) }
                }
            }
        }
    }

    private static let queries: [(String, String)] = [
        ("comparisons", "filter=" + repeated("title==x,", 900) + "title==x"), ("parentheses", "filter=" + repeated("(", 8000)),
        ("a long filter", "filter=title==" + repeated("x", 60_000)), ("hops", "filter=" + repeated("author.works.", 600) + "title==x"),
        ("hops in each of many comparisons", "filter=" + repeated("author.works.title==x;", 100) + "id==x"),
        ("set comparisons", "filter=labels.name=supersetof=(" + repeated("x,", 3000) + "x)"),
        ("sort keys", "sort=" + repeated("title,", 9000) + "title"), ("a sort path", "sort=" + repeated("sequel.", 8000) + "title"),
        ("includes", "include=" + repeated("author,", 9000) + "author"),
        ("a circle of includes", "include=" + repeated("author.works.", 4000) + "author"),
        ("fields", "fields[book]=" + (1...9000).map { "f\($0)" }.joined(separator: ",")),
        ("parameters", (1...6000).map { "a\($0)=1" }.joined(separator: "&")), ("a long query", repeated("&a=b", 30_000)),
        ("a huge page", "page[size]=2147483647"), ("a page beyond all pages", "page[number]=9223372036854775807&page[size]=9999"),
        ("a NUL", "filter=title==%00"), ("invalid UTF-8", "filter=title==%ff%fe"), ("an overlong encoding", "filter=title==%c0%af"),
        ("a surrogate", "filter=title==%ed%a0%80"), ("half an escape", "filter=title==%"),
    ]

    @Test("a query that is a burden is refused at once", arguments: TestEngine.allCases)
    func queries(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            for (name, query) in Self.queries {
                try await expectRefusal(name) { await library.get("/book?\(query)") }
            }
        }
    }

    @Test("a path that is a burden is refused at once", arguments: TestEngine.allCases)
    func paths(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let long = "/book/\(Library.waves)" + Self.repeated("/author/\(Library.woolf)/works/\(Library.waves)", 1000)
            for path in [
                "/" + Self.repeated("a/", 100_000), "/book/" + Self.repeated("a", 1_000_000), long, "/book/%00", "/book/%ff", "/book/%",
                "/%00", "/book/\(Library.waves)/%c0%af", "//book", "/book//author", "/",
            ] {
                try await expectRefusal(String(path.prefix(20))) { await library.get(path) }
            }
        }
    }

    @Test("a list of links is looked up once, however long it is", arguments: TestEngine.allCases)
    func links(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let path = "/book/\(Library.waves)/relationships/labels"
            func labels(_ numbers: ClosedRange<Int>) -> JSONValue {
                ["data": .array(numbers.map { ["type": "label", "id": .string(Library.id($0))] })]
            }
            _ = library.database.takeCount()
            try await expectRefusal("unknown labels") { await library.send("PATCH", path, labels(100_000...110_000)) }
            #expect(library.database.takeCount() < 10)
            let same: JSONValue = ["data": .array(Array(repeating: ["type": "label", "id": .string(Library.sea)], count: 10_000))]
            #expect(await library.send("PATCH", path, same).status == 204)
            #expect(library.database.takeCount() < 20)
        }
    }

    /// The best of five counts: the machine does other things as well.
    private func expectRefusal(_ name: String, _ request: () async -> Answer) async throws {
        var best = Duration.seconds(60)
        for _ in 0..<5 where best > Self.limit {
            let clock = ContinuousClock()
            let start = clock.now
            let answer = await request()
            best = min(best, clock.now - start)
            #expect((400..<500).contains(answer.status), "\(name): \(answer.status) \(answer.text.prefix(300))")
        }
        #expect(best <= Self.limit, "\(name) took \(best)")
    }
}
