import Database
import Foundation
import TestSupport
import Testing

@testable import JSONAPI

struct HostileInputTests {
    private static let injections = [
        "'; DROP TABLE book; --", "\"; DROP TABLE book; --", "x') OR ('1'='1", "x\" OR \"1\"=\"1", "1 UNION SELECT id FROM author", "$1",
        "?1", "\\", "%27",
        "{{7*7}}", "id\"",
    ]

    private func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    @Test("SQL in any position is data or an error, never a statement", arguments: TestEngine.allCases)
    func injection(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            for text in Self.injections.map(encoded) {
                let quoted =
                    encoded("'") + text.replacing("%27", with: "%5C%27").replacing("%5C%5C%27", with: "%5C%5C%5C%27") + encoded("'")
                for path in [
                    "/\(text)", "/book/\(text)", "/book/\(Library.waves)/\(text)", "/book/\(Library.waves)/cover/\(text)",
                    "/book/\(Library.waves)/relationships/\(text)", "/book?\(text)=x", "/book?filter[\(text)]=id==x",
                    "/book?filter[book]=\(text)==x",
                    "/book?filter[book]=title\(text)x", "/book?filter[book]=title==\(text)", "/book?filter[book]=title==\(quoted)",
                    "/book?filter[book]=title==*\(text)*", "/book?filter[book]=title=in=(\(quoted))",
                    "/book?filter[book]=title=ini=(\(quoted))",
                    "/book?filter[book]=keywords=hasmember=\(quoted)", "/book?filter[book]=pages==\(quoted)",
                    "/book?filter[book]=createdDate==\(quoted)",
                    "/book?sort=\(text)", "/book?sort=author.\(text)", "/book?include=\(text)", "/book?fields[book]=\(text)",
                    "/book?fields[\(text)]=title",
                    "/book?page[size]=\(text)", "/book?page[\(text)]=1", "/book/\(Library.waves)/loan?page[after]=\(text)",
                ] {
                    let answer = await library.get(path)
                    #expect([200, 400, 404].contains(answer.status), "\(path): \(answer)")
                    #expect(answer.ids == [], "\(path)")
                }
            }
            for text in Self.injections {
                let created = await library.send("POST", "/author", ["data": ["type": "author", "attributes": ["name": .string(text)]]])
                #expect(created.attributes?["name"] == .string(text))
                let name = await library.send(
                    "POST",
                    "/author",
                    ["data": ["type": "author", "attributes": ["name": "x", .init(text): 1]]]
                )
                #expect(name.status == 404)
                let cover = await library.send("POST", "/book/\(Library.elegies)/cover", ["data": ["type": "cover", "id": .string(text)]])
                #expect(cover.id == text)
                #expect(await library.send("DELETE", "/book/\(Library.elegies)/cover/\(encoded(text))").status == 204)
            }
            #expect(await library.get("/book", as: .librarian).ids.count == 4)
            #expect(library.log.entries == [])
        }
    }

    @Test("bombs are refused with an error that says so", arguments: TestEngine.allCases)
    func bombs(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            func post(_ text: String) async -> Answer { await library.send("POST", "/author", data: Data(text.utf8)) }
            let nested = await post(#"{"data":"# + String(repeating: "[", count: 1_000_000))
            #expect(nested.status == 400)
            #expect(nested.detail.contains("deeper than 64"))
            #expect(await post(String(repeating: " ", count: 4 * 1024 * 1024 + 1)).status == 413)
            #expect(await post("").status == 400)
            #expect(await post("[]").pointer == "/data")
            #expect(await post(#"{"data":[]}"#).pointer == "/data")
            #expect(await library.send("POST", "/author", data: Data([0x7B, 0xFF])).detail.contains("UTF-8"))
            let terms = Array(repeating: "title==x", count: 5000).joined(separator: ",")
            #expect(await library.get("/book?filter=\(terms)").status == 400)
            #expect(await library.get("/book?filter=" + String(repeating: "(", count: 8000)).status == 400)
            #expect(await library.get("/book?filter=title=in=(\(Array(repeating: "x", count: 4000).joined(separator: ",")))").status == 200)
            let stars = String(repeating: "*a", count: 4000)
            #expect(await library.get("/book?filter=title==\(stars)*").status == 200)
            #expect(await library.get("/book?" + String(repeating: "&x=1", count: 20_000)).status == 400)
            #expect(await library.get("/" + String(repeating: "a/", count: 100_000)).status == 400)
            #expect(await library.get("/book/" + String(repeating: "a", count: 100_000)).text.utf8.count < 1000)
            let long = String(repeating: "e\u{301}", count: 100_000)
            let unknown = await post(#"{"data":{"type":"author","attributes":{""# + long + #"":1}}}"#)
            #expect(unknown.status == 404)
            #expect(unknown.text.utf8.count < 2000)
            #expect(library.log.entries == [])
        }
    }

    @Test("the widest request that is allowed is answered", arguments: TestEngine.allCases)
    func widest(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let hops = Array(repeating: "author.works.title==a", count: 8).joined(separator: ";")
            #expect(await library.get("/book?filter=\(hops)").ids == [])
            let comparisons = Array(repeating: "title==*a*", count: 200).joined(separator: ",")
            #expect(await library.get("/book?filter=\(comparisons)").status == 200)
            let path = "/book/\(Library.waves)" + String(repeating: "/author/\(Library.woolf)/works/\(Library.waves)", count: 5)
            #expect(await library.get("\(path)/loan").ids == ["1", "2"])
            let deep = String(repeating: "author.works.", count: 2) + "author.works"
            #expect(await library.get("/book?include=\(deep)&page[size]=10000").status == 200)
            #expect(library.log.entries == [])
        }
    }
}

struct DeclarationTests {
    private static func type(
        _ name: String,
        _ attributes: [ResourceAttribute<Reader>] = [],
        _ relationships: [ResourceRelationship] = []
    ) -> ResourceSchema<Reader> {
        ResourceSchema(type: name, isAudited: true, attributes: attributes, relationships: relationships, isReadable: { _, _ in "TRUE" })
    }

    private static let contradictions: [[ResourceSchema<Reader>]] = [
        [type("a"), type("a")], [type("a", [], [.toOne("b")])],
        [type("a", [ResourceAttribute("x", .integer), ResourceAttribute("x", .boolean)])], [type("a", [ResourceAttribute("id", .integer)])],
        [type("a", [ResourceAttribute("a", .integer)], [.toOne("a")])], [type("a", [ResourceAttribute("createdBy", .integer)])],
        [type("a", [ResourceAttribute("x", .integer, defaultValue: "one")])],
        [type("a", [ResourceAttribute("x", .enumeration(["p"]), defaultValue: "q")])],
    ]

    @Test("declarations that contradict each other are found at the start", arguments: contradictions.indices)
    func contradiction(index: Int) async throws {
        try await withDatabase(.sqlite) { database in
            #expect(throws: ResourceDeclarationError.self) {
                try ResourceAPI<Reader>(
                    schemas: Self.contradictions[index],
                    database: database,
                    author: { $0.name },
                    now: { Library.now },
                    newID: { "" },
                    onUnexpectedError: { _ in }
                )
            }
        }
    }

    @Test("a value of an enumeration is compared byte for byte")
    func canonicalEquivalence() {
        let kind = ResourceAttributeKind.enumeration(["K"])
        #expect(throws: Never.self) { try kind.decode("K") }
        #expect(throws: ResourceValueError.self) { try kind.decode("\u{212A}") }
        #expect(ResourceIdentity.fromClient.key("\u{212A}") == nil)
    }

    @Test("an error behind the API is logged and answered without its text")
    func unexpected() async throws {
        try await withLibrary(.sqlite) { library in
            try await library.database.write { try $0.execute("ALTER TABLE cover RENAME TO jacket") }
            let answer = await library.get("/book/\(Library.waves)/cover")
            #expect(answer.status == 500)
            #expect(answer.text.contains("jacket") == false && answer.text.contains("SELECT") == false)
            #expect(library.log.entries.count == 1)
        }
    }
}
