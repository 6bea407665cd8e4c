import Foundation
import JSONAPI
import TestSupport
import Testing

/// `POST /operations`: <https://jsonapi.org/ext/atomic/>.
struct AtomicTests {
    private static let mediaType = "application/vnd.api+json;ext=\"https://jsonapi.org/ext/atomic\""

    private static func author(_ name: String, lid: String? = nil) -> JSONValue {
        var data: [String: JSONValue] = ["type": "author", "attributes": ["name": .string(name)]]
        if let lid { data["lid"] = .string(lid) }
        return ["op": "add", "href": "/author", "data": .object(data)]
    }

    private static func link(_ type: String, lid: String) -> JSONValue {
        ["data": ["type": .string(type), "lid": .string(lid)]]
    }

    @Test("operations are carried out in order and answered each", arguments: TestEngine.allCases)
    func all(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let answer = await library.operate([
                Self.author("Clarice Lispector", lid: "a"),
                [
                    "op": "add", "href": .string("/api/v1/library/\(Library.centre)/book"),
                    "data": [
                        "type": "book", "lid": "b", "attributes": ["title": "Agua Viva"],
                        "relationships": ["author": Self.link("author", lid: "a")],
                    ],
                ],
                ["op": "update", "href": .string("book/b"), "data": ["type": "book", "lid": "b", "attributes": ["pages": 88]]],
                ["op": "remove", "href": .string("/book/\(Library.waves)/loan/1")],
            ])
            #expect(answer.status == 200, "\(answer)")
            #expect(answer.headers["content-type"] == Self.mediaType)
            #expect(answer.results.count == 4)
            #expect(answer.results[0]["data"]?["attributes"]?["name"] == "Clarice Lispector")
            #expect(answer.results[1]["data"]?["attributes"]?["pages"] == 88, "results are as things are in the end")
            #expect(answer.results[1]["data"]?["relationships"]?["author"]?["data"]?["id"] == answer.results[0]["data"]?["id"])
            #expect(answer.results[2...] == [["data": nil], ["data": nil]])
            #expect(await library.get("/author?filter=works.title=='Agua Viva'").ids.count == 1)
        }
    }

    @Test("the id that a client sends stands for the one that the server makes", arguments: TestEngine.allCases)
    func temporaryID(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let sent = Library.id(500)
            let cover: JSONValue = ["type": "cover", "id": "new:1", "attributes": ["colour": "red"]]
            let answer = await library.operate([
                [
                    "op": "add", "href": .string("/library/\(Library.centre)/book"),
                    "data": ["type": "book", "id": .string(sent), "attributes": ["title": "x"]],
                ],
                ["op": "add", "href": .string("/book/\(sent)/cover"), "data": cover],
                ["op": "update", "href": .string("/book/\(sent)/cover"), "data": ["type": "cover", "attributes": ["colour": "grey"]]],
            ])
            #expect(answer.status == 200, "\(answer)")
            let id = try #require(answer.results.first?["data"]?["id"]?.string)
            #expect(id != sent)
            #expect(answer.results[1]["data"]?["id"] == "new:1")
            #expect(await library.get("/book/\(id)/cover").attributes == ["colour": "grey"])
        }
    }

    @Test("a relationship may name what a later operation adds, or the resource itself", arguments: TestEngine.allCases)
    func later(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            func book(_ lid: String, _ relationships: JSONValue) -> JSONValue {
                let data: JSONValue = [
                    "type": "book", "lid": .string(lid), "attributes": ["title": .string(lid)], "relationships": relationships,
                ]
                return ["op": "add", "href": .string("/library/\(Library.centre)/book"), "data": data]
            }
            let answer = await library.operate([
                book("first", ["author": Self.link("author", lid: "a"), "sequel": Self.link("book", lid: "second")]),
                book("second", ["sequel": Self.link("book", lid: "second")]),
                Self.author("New", lid: "a"),
                [
                    "op": "update", "ref": ["type": "book", "id": .string(Library.elegies)],
                    "data": ["type": "book", "id": .string(Library.elegies), "relationships": ["author": Self.link("author", lid: "b")]],
                ],
                Self.author("Newer", lid: "b"),
            ])
            #expect(answer.status == 200, "\(answer)")
            let ids = answer.results.map { $0["data"]?["id"]?.string ?? "" }
            #expect(answer.results[0]["data"]?["relationships"]?["author"]?["data"]?["id"] == .string(ids[2]))
            #expect(answer.results[0]["data"]?["relationships"]?["sequel"]?["data"]?["id"] == .string(ids[1]))
            #expect(answer.results[1]["data"]?["relationships"]?["sequel"]?["data"]?["id"] == .string(ids[1]))
            #expect(await library.get("/book/\(Library.elegies)").linkage("author") == [ids[4]])
        }
    }

    @Test("relationships beside data count as if they stood inside", arguments: TestEngine.allCases)
    func beside(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let answer = await library.operate([
                [
                    "op": "add", "href": "/book", "data": ["type": "book", "attributes": ["title": "x"]], "links": ["self": "x"],
                    "relationships": [
                        "library": ["data": ["type": "library", "id": .string(Library.centre)]],
                        "author": ["data": ["type": "author", "id": .string(Library.rilke)]],
                    ],
                ]
            ])
            #expect(answer.status == 200, "\(answer)")
            #expect(answer.results[0]["data"]?["relationships"]?["author"]?["data"]?["id"] == .string(Library.rilke))
        }
    }

    @Test("links are added, replaced and removed by ref and by href", arguments: TestEngine.allCases)
    func links(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let labels: JSONValue = ["type": "book", "id": .string(Library.elegies), "relationship": "labels"]
            func label(_ id: String) -> JSONValue { ["type": "label", "id": .string(id)] }
            let path = "/book/\(Library.elegies)/relationships"
            let answer = await library.operate([
                ["op": "add", "ref": labels, "data": [label(Library.sea)]],
                ["op": "remove", "ref": labels, "data": [label(Library.classic)]],
                ["op": "update", "href": .string("\(path)/author"), "data": ["type": "author", "id": .string(Library.woolf)]],
            ])
            #expect(answer.status == 200, "\(answer)")
            #expect(answer.results == [["data": nil], ["data": nil], ["data": nil]])
            #expect(await library.get("\(path)/labels").ids == [Library.sea])
            #expect(await library.get("\(path)/author").id == Library.woolf)
            let cleared = await library.operate([
                ["op": "update", "href": .string("\(path)/author"), "data": nil], ["op": "update", "ref": labels, "data": []],
            ])
            #expect(cleared.status == 200)
            #expect(await library.get("\(path)/author").data == .null)
            #expect(await library.get("\(path)/labels").ids == [])
        }
    }

    @Test("what data names suffices where the path is a list or missing", arguments: TestEngine.allCases)
    func lenient(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let waves: JSONValue = ["type": "book", "id": .string(Library.waves), "attributes": ["pages": 1]]
            let answer = await library.operate([
                ["op": "update", "data": waves],
                ["op": "update", "href": .string("/library/\(Library.centre)/book/"), "data": waves],
                ["op": "remove", "href": .string("/book/\(Library.waves)/loan"), "data": ["type": "loan", "id": "1"]],
                ["op": "add", "data": ["type": "author", "attributes": ["name": "x"]]],
            ])
            #expect(answer.status == 200, "\(answer)")
            #expect(await library.get("/book/\(Library.waves)").attributes?["pages"] == 1)
        }
    }
}

extension Library {
    func operate(_ operations: [JSONValue], as reader: Reader = .anna, contentType: String? = "application/json") async -> Answer {
        await send("POST", "/operations", ["atomic:operations": .array(operations)], as: reader, contentType: contentType)
    }
}

extension Answer {
    var results: [JSONValue] { document?["atomic:results"]?.array ?? [] }
}
