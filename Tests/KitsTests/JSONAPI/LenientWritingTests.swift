import Foundation
import JSONAPI
import TestSupport
import Testing

/// What shipped clients send and JSON:API does not have.
struct LenientWritingTests {
    private static let centre: JSONValue = ["data": ["type": "library", "id": .string(Library.centre)]]

    @Test("what Go clients send besides is let be")
    func besides() async throws {
        try await withLibrary(.sqlite) { library in
            let book: JSONValue = [
                "type": "book", "lid": "1", "attributes": ["title": "x"], "relationships": ["library": Self.centre], "links": 1,
            ]
            let empty: JSONValue = ["type": "library", "id": .string(Library.centre), "attributes": ["name": ""]]
            let answer = await library.send("POST", "/book/", ["data": book, "included": [empty], "meta": ["x": 1], "jsonapi": nil])
            #expect(answer.status == 201)
            #expect(await library.get("/library/\(Library.centre)/").attributes?["name"] == "Centre")
            let path = "/book/\(try #require(answer.id))/"
            #expect(await library.send("DELETE", path, data: Data(), contentType: nil).status == 204)
        }
    }

    @Test("numbers and truth values may come as strings, and an empty choice is no choice", arguments: TestEngine.allCases)
    func coercion(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let path = "/book/\(Library.waves)"
            let attributes: JSONValue = ["pages": "301", "isSecret": "true", "genre": ""]
            #expect(await library.send("PATCH", path, ["data": ["type": "book", "attributes": attributes]]).status == 204)
            let book = await library.get(path, as: .librarian)
            #expect(book.attributes?["pages"] == 301)
            #expect(book.attributes?["isSecret"] == true)
            #expect(book.attributes?["genre"] == "NOVEL")
            let whole: JSONValue = ["pages": .number(302), "isSecret": "false"]
            #expect(await library.send("PATCH", path, ["data": ["type": "book", "attributes": whole]]).status == 204)
            #expect(await library.get(path).attributes?["pages"] == 302)
        }
    }
}
