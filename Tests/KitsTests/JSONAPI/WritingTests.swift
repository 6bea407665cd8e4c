import Database
import Foundation
import JSONAPI
import TestSupport
import Testing

struct WritingTests {
    private static let centre: JSONValue = ["data": ["type": "library", "id": .string(Library.centre)]]

    @Test("a POST creates the resource, tells where it is and shows it", arguments: TestEngine.allCases)
    func creates(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let path = "/library/\(Library.centre)/book"
            let answer = await library.send(
                "POST",
                path + "/",
                [
                    "data": [
                        "type": "book", "id": "ignored",
                        "attributes": [
                            "title": "Orlando", "pages": 336, "keywords": ["time", "ü"], "isSecret": false, "isbn": "1",
                            "shelfMark": "dropped",
                            "legacy": ["dropped"], "createdBy": "dropped", "createdDate": 5, "updatedDate": nil, "updatedBy": true,
                        ],
                        "relationships": [
                            "author": ["data": ["type": "author", "id": .string(Library.woolf)]], "library": Self.centre,
                            "labels": ["data": [["type": "label", "id": .string(Library.sea)]]], "loan": ["data": []],
                            "cover": ["data": nil],
                        ],
                    ]
                ]
            )
            let id = try #require(answer.id)
            #expect(answer.status == 201)
            #expect(answer.headers["location"] == "/api/v1\(path)/\(id)")
            #expect(answer.headers["content-type"] == "application/vnd.api+json")
            #expect(
                answer.attributes == [
                    "title": "Orlando", "genre": "NOVEL", "pages": 336, "keywords": ["time", "ü"], "isSecret": false, "note": nil,
                    "isbn": "1",
                    "popularity": nil, "shelfMark": nil, "titleLength": 7, "createdBy": "anna", "createdDate": "2026-03-04T05:06Z",
                    "updatedBy": "anna", "updatedDate": "2026-03-04T05:06Z",
                ]
            )
            #expect(answer.linkage("author") == [Library.woolf])
            #expect(answer.linkage("labels") == [Library.sea])
            #expect(await library.get("\(path)/\(id)").text == answer.text)
        }
    }

    @Test("a number that the database counts up becomes the id, and the rules see it", arguments: TestEngine.allCases)
    func integerIdentity(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let body: JSONValue = ["data": ["type": "loan", "attributes": ["borrower": "kim"], "relationships": ["library": Self.centre]]]
            let answer = await library.send("POST", "/book/\(Library.elegies)/loan", body)
            #expect(answer.status == 201)
            #expect(answer.id == "4")
            #expect(answer.attributes == ["borrower": "kim", "status": "out"])
            #expect(await library.get("/book/\(Library.elegies)").attributes?["popularity"] == 4)
            let wrong = await library.send("POST", "/book/\(Library.charts)/loan", body, as: .librarian)
            #expect(wrong.status == 400)
            #expect(wrong.pointer == "/data/relationships/book")
            #expect(await library.get("/book/\(Library.charts)/loan", as: .librarian).ids == ["3"])
        }
    }

    @Test("an id from the client is wanted and kept where the type says so", arguments: TestEngine.allCases)
    func clientIdentity(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            func post(_ id: JSONValue?, to book: String) async -> Answer {
                var data: [String: JSONValue] = ["type": "cover", "attributes": ["colour": "red"]]
                data["id"] = id
                return await library.send("POST", "/book/\(book)/cover", ["data": .object(data)])
            }
            let missing = await post(nil, to: Library.elegies)
            #expect(missing.status == 400)
            #expect(missing.detail == "No id provided, cannot persist cover")
            #expect(await post(17, to: Library.elegies).pointer == "/data/id")
            #expect(await post(.string(String(repeating: "x", count: 256)), to: Library.elegies).status == 400)
            #expect(await post("blue:1", to: Library.elegies).detail == "This operation conflicts with data that already exists.")
            let created = await post("a b/c", to: Library.elegies)
            #expect(created.status == 201)
            #expect(created.headers["location"] == "/api/v1/book/\(Library.elegies)/cover/a%20b%2Fc")
            #expect(await library.get("/book/\(Library.elegies)/cover/a%20b%2Fc").id == "a b/c")
            #expect(await post("another", to: Library.elegies).status == 409)
        }
    }

    /// Attributes and relationships of a new book, and where the refusal points.
    private static let refusals: [(attributes: [String: JSONValue], relationships: [String: JSONValue], status: Int, pointer: String)] = [
        ([:], [:], 400, "/data/attributes/title"), (["title": nil], [:], 400, "/data/attributes/title"),
        (["title": 5], [:], 400, "/data/attributes/title"),
        (["title": .string(String(repeating: "é", count: 41))], [:], 400, "/data/attributes/title"),
        (["title": "a\u{0}b"], [:], 400, "/data/attributes/title"), (["title": "x", "genre": "novel"], [:], 400, "/data/attributes/genre"),
        (["title": "x", "genre": nil], [:], 400, "/data/attributes/genre"),
        (["title": "x", "pages": .number(1.5)], [:], 400, "/data/attributes/pages"),
        (["title": "x", "pages": "1.0"], [:], 400, "/data/attributes/pages"),
        (["title": "x", "pages": .number(1e30)], [:], 400, "/data/attributes/pages"),
        (["title": "x", "isSecret": "yes"], [:], 400, "/data/attributes/isSecret"),
        (["title": "x", "keywords": "a"], [:], 400, "/data/attributes/keywords"),
        (["title": "x", "keywords": ["a", 1]], [:], 400, "/data/attributes/keywords"),
        (["title": "x", "keywords": ["\u{0}"]], [:], 400, "/data/attributes/keywords"),
        (["title": "x", "colour": 1], [:], 404, "/data/attributes/colour"),
        (["title": "x", "a/b~": 1], [:], 404, "/data/attributes/a~1b~0"),
        (["title": "x", "popularity": 1], [:], 403, "/data/attributes/popularity"),
        (["title": "x", "titleLength": 1], [:], 403, "/data/attributes/titleLength"),
        (["title": "x"], ["shelf": ["data": nil]], 404, "/data/relationships/shelf"),
        (["title": "x"], ["author": 5], 400, "/data/relationships/author"),
        (["title": "x"], ["author": ["data": "x"]], 400, "/data/relationships/author/data"),
        (["title": "x"], ["author": ["data": []]], 400, "/data/relationships/author"),
        (["title": "x"], ["author": ["data": ["type": "book", "id": .string(Library.waves)]]], 400, "/data/relationships/author"),
        (["title": "x"], ["author": ["data": ["type": "author", "id": "17"]]], 400, "/data/relationships/author"),
        (["title": "x"], ["author": ["data": ["type": "author", "id": .string(Library.id(99))]]], 400, "/data/relationships/author"),
        (["title": "x"], ["sequel": ["data": ["type": "book", "id": .string(Library.charts)]]], 400, "/data/relationships/sequel"),
        (["title": "x"], ["donor": ["data": ["type": "author", "id": .string(Library.woolf)]]], 403, "/data/relationships/donor"),
        (["title": "x"], ["loan": ["data": [["type": "loan", "id": "1"]]]], 403, "/data/relationships/loan"),
        (["title": "x"], ["labels": ["data": [["type": "label", "id": .string(Library.hidden)]]]], 400, "/data/relationships/labels"),
        (["title": "x"], ["labels": ["data": nil]], 400, "/data/relationships/labels"),
        (["title": "x"], ["library": ["data": ["type": "library", "id": .string(Library.harbour)]]], 400, "/data/relationships/library"),
        (["title": "x"], ["library": ["data": nil]], 400, "/data/relationships/library"),
    ]

    @Test("a POST with a wrong member is refused with a pointer to it and leaves nothing behind", arguments: TestEngine.allCases)
    func refuses(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            for refusal in Self.refusals {
                let data: JSONValue = [
                    "type": "book", "attributes": .object(refusal.attributes), "relationships": .object(refusal.relationships),
                ]
                let answer = await library.send("POST", "/library/\(Library.centre)/book", ["data": data])
                #expect(answer.status == refusal.status, "\(data): \(answer)")
                #expect(answer.pointer == refusal.pointer, "\(data): \(answer)")
                #expect(answer.error?["status"] == .string(String(refusal.status)))
                #expect(answer.error?["title"]?.string?.isEmpty == false)
            }
            #expect(await library.get("/book").ids.count == 3)
            #expect(library.log.entries == [])
        }
    }

    @Test("a root POST needs its required relationships")
    func requiredRelationship() async throws {
        try await withLibrary(.sqlite) { library in
            let missing = await library.send("POST", "/book", ["data": ["type": "book", "attributes": ["title": "x"]]])
            #expect(missing.status == 400)
            #expect(missing.pointer == "/data/relationships/library")
            let body: JSONValue = ["data": ["type": "book", "attributes": ["title": "x"], "relationships": ["library": Self.centre]]]
            let created = await library.send("POST", "/book?fields[book]=title&include=library&fields[library]=name", body)
            #expect(created.status == 201)
            #expect(created.attributes == ["title": "x"])
            #expect(created.included == ["library/\(Library.centre)"])
        }
    }

    @Test("a POST on a to-one path creates and links", arguments: TestEngine.allCases)
    func toOnePath(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let author = await library.send(
                "POST",
                "/book/\(Library.elegies)/author",
                ["data": ["type": "author", "attributes": ["name": "New"]]]
            )
            #expect(author.status == 201)
            let id = try #require(author.id)
            #expect(await library.get("/book/\(Library.elegies)").linkage("author") == [id])
            let donor = await library.send(
                "POST",
                "/book/\(Library.elegies)/donor",
                ["data": ["type": "author", "attributes": ["name": "Rich"]]]
            )
            #expect(donor.status == 403)
            #expect(await library.get("/author?filter=name==Rich").ids == [])
        }
    }

    @Test("a PATCH changes what it names, answers 204 and stamps the row", arguments: TestEngine.allCases)
    func updates(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let path = "/library/\(Library.centre)/book/\(Library.waves)"
            let answer = await library.send(
                "PATCH",
                path,
                [
                    "data": [
                        "type": "book", "id": .string(Library.waves),
                        "attributes": ["pages": nil, "title": "Waves", "keywords": nil, "shelfMark": 1],
                        "relationships": [
                            "author": ["data": ["type": "author", "id": .string(Library.rilke)]], "sequel": ["data": nil],
                            "labels": ["data": [["type": "label", "id": .string(Library.sea)]]],
                        ],
                    ]
                ]
            )
            #expect(answer.status == 204)
            #expect(answer.text == "")
            let book = await library.get(path, as: .librarian)
            #expect(book.attributes?["title"] == "Waves")
            #expect(book.attributes?["pages"] == .null)
            #expect(book.attributes?["note"] == "a fine copy")
            #expect(book.attributes?["updatedBy"] == "anna")
            #expect(book.attributes?["updatedDate"] == "2026-03-04T05:06Z")
            #expect(book.attributes?["createdBy"] == .null)
            #expect(book.linkage("author") == [Library.rilke])
            #expect(book.linkage("sequel") == [])
            #expect(book.linkage("labels") == [Library.hidden, Library.sea], "a link that the caller could not see stays")
        }
    }

    @Test("a PATCH that changes nothing writes nothing", arguments: TestEngine.allCases)
    func emptyUpdate(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let path = "/book/\(Library.waves)"
            let bodies: [JSONValue] = [
                ["data": ["type": "book"]],
                ["data": ["type": "book", "attributes": ["title": "The Waves", "isSecret": false, "pages": 300]]],
                [
                    "data": [
                        "type": "book",
                        "relationships": [
                            "donor": ["data": nil], "labels": ["data": [["type": "label", "id": .string(Library.classic)]]],
                            "loan": ["data": [["type": "loan", "id": "2"], ["type": "loan", "id": "1"]]],
                            "cover": ["data": ["type": "cover", "id": "blue:1"]],
                        ],
                    ]
                ],
            ]
            for body in bodies {
                #expect(await library.send("PATCH", path, body).status == 204)
            }
            #expect(await library.get(path).attributes?["updatedBy"] == .null)
        }
    }

    @Test("a PATCH is refused when it is about another resource or may not be", arguments: TestEngine.allCases)
    func refusedUpdates(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            func patch(_ path: String, _ data: JSONValue) async -> Answer { await library.send("PATCH", path, ["data": data]) }
            let waves = "/book/\(Library.waves)"
            #expect(await patch(waves, ["type": "book", "id": .string(Library.diary)]).status == 400)
            #expect(await patch(waves, ["type": "loan", "id": .string(Library.waves)]).status == 409)
            #expect(await patch(waves, ["id": .string(Library.waves)]).pointer == "/data/type")
            #expect(await patch(waves, ["type": "book", "attributes": ["isbn": "2"]]).status == 403)
            #expect(await patch(waves, ["type": "book", "attributes": ["title": nil]]).status == 400)
            #expect(
                await patch(waves, ["type": "book", "relationships": ["library": ["data": nil]]]).pointer == "/data/relationships/library"
            )
            #expect(await patch(waves, ["type": "book", "attributes": ["pages": 13]]).detail == "The database refuses these values.")
            #expect(await patch("/book/\(Library.charts)", ["type": "book", "attributes": ["title": "x"]]).status == 404)
            #expect(await patch("/library/\(Library.centre)/book/\(Library.charts)", ["type": "book"]).status == 404)
            let author = await patch("/author/\(Library.woolf)", ["type": "author", "attributes": ["name": "x"]])
            #expect(author.status == 403)
            #expect(author.detail == "UpdatePermission Denied")
            #expect(await patch("\(waves)/loan/1", ["type": "loan", "attributes": ["status": "out"]]).status == 409)
            #expect(await patch("\(waves)/loan/1", ["type": "loan", "attributes": ["status": "back", "borrower": "kim"]]).status == 204)
            #expect(await patch(waves, ["type": "book", "attributes": "x"]).pointer == "/data/attributes")
        }
    }

    @Test("a resource that an update hides is gone, and its name stays taken", arguments: TestEngine.allCases)
    func softDelete(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let patch = await library.send(
                "PATCH",
                "/library/\(Library.centre)",
                ["data": ["type": "library", "attributes": ["disabled": true]]]
            )
            #expect(patch.status == 204)
            #expect(await library.get("/library/\(Library.centre)").status == 404)
            let again = await library.send("POST", "/library", ["data": ["type": "library", "attributes": ["name": "Centre"]]])
            #expect(again.status == 409)
            #expect(again.detail == "This operation conflicts with data that already exists.")
        }
    }

    @Test("what the caller creates and may not read is answered with its identity alone")
    func unreadableCreation() async throws {
        try await withLibrary(.sqlite) { library in
            let answer = await library.send("POST", "/library", ["data": ["type": "library", "attributes": ["name": "Mine"]]])
            #expect(answer.status == 201)
            #expect(answer.attributes == [:])
            let id = try #require(answer.id)
            #expect(await library.get("/library/\(id)", as: .librarian).attributes?["name"] == "Mine")
        }
    }

    @Test("a DELETE removes the row, unless rules or other rows hold it", arguments: TestEngine.allCases)
    func deletes(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            #expect(await library.send("DELETE", "/book/\(Library.waves)/loan/2").detail == "The book is still out.")
            #expect(await library.send("DELETE", "/book/\(Library.waves)/loan/1").status == 204)
            #expect(await library.get("/book/\(Library.waves)/loan/1").status == 404)
            #expect(await library.send("DELETE", "/book/\(Library.waves)/loan/1").status == 404)
            let held = await library.send("DELETE", "/author/\(Library.woolf)")
            #expect(held.status == 409)
            #expect(await library.send("DELETE", "/library/\(Library.harbour)").status == 404)
            #expect(await library.send("DELETE", "/book/\(Library.waves)/cover").status == 204)
            #expect(await library.send("DELETE", "/book/\(Library.waves)/cover").status == 404)
            #expect(await library.get("/book/\(Library.waves)/cover").text == #"{"data":null}"#)
        }
    }

    @Test("a PATCH on a to-one path changes what is there", arguments: TestEngine.allCases)
    func toOneUpdate(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let body: JSONValue = ["data": ["type": "cover", "attributes": ["colour": "green"]]]
            #expect(await library.send("PATCH", "/book/\(Library.waves)/cover", body).status == 204)
            #expect(await library.get("/book/\(Library.waves)/cover").attributes == ["colour": "green"])
            #expect(await library.send("PATCH", "/book/\(Library.elegies)/cover", body).status == 404)
        }
    }

    @Test("only a document of the JSON:API media type is read")
    func mediaTypes() async throws {
        try await withLibrary(.sqlite) { library in
            let body: JSONValue = ["data": ["type": "author", "attributes": ["name": "x"]]]
            func status(_ contentType: String?) async -> Int {
                await library.send("POST", "/author", body, contentType: contentType).status
            }
            #expect(await status("application/vnd.api+json") == 201)
            #expect(await status("Application/vnd.api+json; charset=utf-8") == 201)
            #expect(await status("application/json") == 415)
            #expect(await status(nil) == 415)
            #expect(await status("application/vnd.api+json; ext=jsonpatch") == 415)
            #expect(
                await library.send("DELETE", "/book/\(Library.waves)/relationships/labels", ["data": []], contentType: "text/plain").status
                    == 415
            )
        }
    }

    @Test("services create, change and delete inside their own transaction", arguments: TestEngine.allCases)
    func services(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let id = try await library.database.write { transaction in
                let context = ResourceWriteContext(transaction: transaction, caller: Reader.anna, now: Library.now) { Library.id(77) }
                let parent = ResourceParent(type: "library", id: Library.centre, relationship: "book")
                let id = try library.api.create("book", attributes: ["title": "One"], parent: parent, in: context)
                try library.api.update("book", id: id, attributes: ["title": "Two"], in: context)
                let other = try library.api.create(
                    "author",
                    attributes: ["name": "x"],
                    in: ResourceWriteContext(
                        transaction: transaction,
                        caller: .anna,
                        now: Library.now,
                        newID: { Library.id(78) }
                    )
                )
                try library.api.delete("author", id: other, in: context)
                return id
            }
            #expect(id == Library.id(77))
            #expect(await library.get("/book/\(id)").attributes?["title"] == "Two")
            #expect(await library.get("/author/\(Library.id(78))").status == 404)
        }
    }
}
