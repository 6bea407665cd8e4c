import Database
import Foundation
import JSONAPI
import TestSupport
import Testing

struct ReadingTests {
    @Test("a resource is shown with every attribute, full linkage and no links", arguments: TestEngine.allCases)
    func wire(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let answer = await library.get("/library/\(Library.centre)")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/vnd.api+json")
            let expected = """
                {"data":{"type":"library","id":"\(Library.centre)","attributes":{"city":"Bremen","createdBy":null,\
                "createdDate":"2026-01-01T00:00Z","disabled":false,"isOpen":true,"name":"Centre","openSince":"2026-01-02T03:04Z",\
                "updatedBy":null,"updatedDate":null},"relationships":{\
                "book":{"data":[{"type":"book","id":"\(Library.waves)"},{"type":"book","id":"\(Library.elegies)"},\
                {"type":"book","id":"\(Library.diary)"}]},\
                "label":{"data":[{"type":"label","id":"\(Library.classic)"},{"type":"label","id":"\(Library.sea)"}]},\
                "loan":{"meta":{"omitted":true}}}}}
                """
            #expect(answer.text == expected)
        }
    }

    @Test("lists hold what the caller may read and nothing else", arguments: TestEngine.allCases)
    func lists(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            #expect(await library.get("/library").ids == [Library.centre])
            #expect(await library.get("/library/", as: .librarian).ids == [Library.centre, Library.harbour])
            #expect(await library.get("/library", as: Reader(name: "nobody")).text == #"{"data":[]}"#)
            #expect(await library.get("/library/\(Library.centre)/book").ids == [Library.waves, Library.elegies, Library.diary])
            #expect(await library.get("/author/\(Library.woolf)/works").ids == [Library.waves, Library.diary])
            #expect(await library.get("/book/\(Library.waves)/labels").ids == [Library.classic])
            #expect(await library.get("/book/\(Library.waves)/labels", as: .librarian).ids == [Library.classic, Library.hidden])
        }
    }

    @Test("nested paths lead through every kind of relationship", arguments: TestEngine.allCases)
    func nested(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let book = "/library/\(Library.centre)/book/\(Library.waves)"
            #expect(await library.get(book).attributes?["title"] == "The Waves")
            #expect(await library.get("\(book)/loan/2").attributes == ["borrower": "eva", "status": "out"])
            #expect(await library.get("\(book)/author").id == Library.woolf)
            #expect(await library.get("\(book)/author/\(Library.woolf)/works/\(Library.diary)/library").id == Library.centre)
            #expect(await library.get("\(book)/cover").id == "blue:1")
            #expect(await library.get("\(book)/cover/blue%3A1").attributes == ["colour": "blue"])
            #expect(await library.get("\(book)/labels/\(Library.classic)").attributes == ["name": "classic"])
            let missing = await library.get("/book/\(Library.elegies)/cover")
            #expect(missing.status == 200)
            #expect(missing.text == #"{"data":null}"#)
        }
    }

    @Test(
        "what is hidden, gone or elsewhere is unknown, wherever in the path it stands",
        arguments: TestEngine.allCases,
        [
            ("/library/\(Library.harbour)", Library.harbour, "library"), ("/library/\(Library.closed)", Library.closed, "library"),
            ("/library/\(Library.id(99))", Library.id(99), "library"), ("/library/\(Library.harbour)/book", Library.harbour, "library"),
            ("/library/\(Library.centre)/book/\(Library.charts)", Library.charts, "book"),
            ("/library/\(Library.centre)/book/\(Library.charts)/loan", Library.charts, "book"),
            ("/library/\(Library.harbour)/book/\(Library.charts)/loan/3", Library.harbour, "library"),
            ("/book/\(Library.waves)/loan/3", "3", "loan"), ("/book/\(Library.waves)/labels/\(Library.hidden)", Library.hidden, "label"),
            ("/book/\(Library.charts)/relationships/author", Library.charts, "book"),
            ("/book/\(Library.waves)/author/\(Library.rilke)", Library.rilke, "author"),
        ]
    )
    func unknown(engine: TestEngine, expectation: (path: String, id: String, type: String)) async throws {
        try await withLibrary(engine) { library in
            let answer = await library.get(expectation.path)
            #expect(answer.status == 404)
            #expect(answer.detail == "Unknown identifier \(expectation.id) for \(expectation.type)")
        }
    }

    @Test("paths that no declaration has are refused")
    func badPaths() async throws {
        try await withLibrary(.sqlite) { library in
            #expect(await library.get("/nothing").detail == "Unknown collection nothing")
            #expect(await library.get("/loan").status == 404)
            #expect(await library.get("/loan/1").status == 404)
            #expect(await library.get("/").status == 404)
            #expect(await library.get("/library/\(Library.centre)//").status == 404)
            #expect(await library.send("DELETE", "/book/\(Library.waves)//loan").status == 404)
            #expect(await library.get("/library/\(Library.centre)/shelf").detail == "Unknown collection shelf")
            #expect(await library.get("/library/\(Library.centre)/relationships/shelf").status == 404)
            #expect(await library.get("/library/\(Library.centre)/relationships/book/\(Library.waves)").status == 404)
            let malformed = await library.get("/library/17")
            #expect(malformed.status == 400)
            #expect(malformed.detail == "Invalid value: 17")
            #expect(await library.get("/book/\(Library.waves)/loan/x").detail == "Invalid value: x")
            #expect(await library.get("/library/%zz").status == 400)
            #expect(await library.get("/library/%ff").status == 400)
            #expect(await library.get("/library/%00").status == 400)
            #expect(await library.get("/book" + String(repeating: "/\(Library.waves)/sequel", count: 13)).status == 400)
        }
    }

    @Test("an id is found in upper case too", arguments: TestEngine.allCases)
    func upperCase(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let id = "ABCDEFAB-0000-4000-8000-00000000000A"
            try await library.database.write { transaction in
                try transaction.execute("INSERT INTO author (id, name) VALUES (\(id.lowercased()), 'A')")
            }
            #expect(await library.get("/author/\(id)").id == id.lowercased())
        }
    }

    @Test("an attribute that the caller may not read is absent, and null when it is empty", arguments: TestEngine.allCases)
    func unreadableAttribute(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            #expect(await library.get("/book/\(Library.diary)").attributes?.object?.keys.contains("note") == false)
            #expect(await library.get("/book/\(Library.diary)", as: .librarian).attributes?["note"] == "under the desk")
            #expect(await library.get("/book/\(Library.elegies)").attributes?["note"] == .null)
            let waves = await library.get("/book/\(Library.waves)")
            #expect(waves.attributes?["keywords"] == ["sea", "time"])
            #expect(waves.attributes?["titleLength"] == 9)
            #expect(waves.attributes?["isSecret"] == false)
        }
    }

    @Test("linkage leaves out what the caller may not read", arguments: TestEngine.allCases)
    func linkage(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let charts = await library.get("/book/\(Library.charts)", as: .librarian)
            #expect(charts.linkage("sequel") == [Library.waves])
            #expect(charts.data?["relationships"]?["author"] == ["data": nil])
            let waves = await library.get("/book/\(Library.waves)")
            #expect(waves.linkage("author") == [Library.woolf])
            #expect(waves.linkage("cover") == ["blue:1"])
            #expect(waves.linkage("labels") == [Library.classic])
            try await library.database.write { transaction in
                try transaction.execute("UPDATE book SET sequel_id = \(Library.charts) WHERE id = \(Library.waves)")
            }
            #expect(await library.get("/book/\(Library.waves)").data?["relationships"]?["sequel"] == ["data": nil])
            #expect(await library.get("/book/\(Library.waves)/sequel").text == #"{"data":null}"#)
            #expect(await library.get("/book/\(Library.waves)/relationships/sequel").text == #"{"data":null}"#)
        }
    }

    @Test("relationships are readable on their own", arguments: TestEngine.allCases)
    func relationships(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let author = await library.get("/book/\(Library.waves)/relationships/author")
            #expect(author.text == #"{"data":{"type":"author","id":"\#(Library.woolf)"}}"#)
            #expect(await library.get("/book/\(Library.waves)/relationships/loan").ids == ["1", "2"])
            #expect(await library.get("/book/\(Library.waves)/relationships/labels").ids == [Library.classic])
            #expect(
                await library.get("/book/\(Library.waves)/relationships/loan?page[size]=1&page[totals]").document?["meta"]
                    == ["page": ["number": 1, "limit": 1, "totalPages": 2, "totalRecords": 2]]
            )
        }
    }

    @Test("sparse fields keep what they name", arguments: TestEngine.allCases)
    func fields(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let answer = await library.get("/book/\(Library.waves)?fields[book]=title,author")
            #expect(answer.attributes == ["title": "The Waves"])
            #expect(answer.data?["relationships"]?.object?.keys.sorted() == ["author"])
            let empty = await library.get("/book/\(Library.waves)?fields%5Bbook%5D=")
            #expect(empty.text == #"{"data":{"type":"book","id":"\#(Library.waves)","attributes":{},"relationships":{}}}"#)
            #expect(await library.get("/book?fields[book]=colour").parameter == "fields[book]")
            #expect(await library.get("/book?fields[shelf]=colour").status == 400)
        }
    }

    @Test("answers are given in one media type")
    func mediaTypes() async throws {
        try await withLibrary(.sqlite) { library in
            func status(_ accept: String?) async -> Int {
                await library.send("GET", "/author", data: Data(), contentType: nil, accept: accept).status
            }
            for accept in [nil, "", "*/*", "application/json", "application/vnd.api+json", "text/html, */*;q=0.8"] {
                #expect(await status(accept) == 200, "\(accept ?? "none")")
            }
            #expect(await status("text/html") == 406)
        }
    }

    @Test("other methods are refused with what is possible")
    func methods() async throws {
        try await withLibrary(.sqlite) { library in
            let put = await library.send("PUT", "/library")
            #expect(put.status == 405)
            #expect(put.headers["allow"] == "GET, POST")
            #expect(await library.send("DELETE", "/library").status == 405)
            #expect(await library.send("POST", "/library/\(Library.centre)", ["data": [:]]).headers["allow"] == "GET, PATCH, DELETE")
        }
    }
}
