import Database
import Foundation
import JSONAPI
import TestSupport
import Testing

/// Writing at `…/relationships/…`, and what writers see of relationships.
struct LinkageWritingTests {
    @Test("relationships are written on their own where they may be", arguments: TestEngine.allCases)
    func relationships(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let base = "/book/\(Library.waves)/relationships"
            func label(_ id: String) -> JSONValue { ["type": "label", "id": .string(id)] }
            #expect(
                await library.send("PATCH", "\(base)/author", ["data": ["type": "author", "id": .string(Library.rilke)]]).status == 204
            )
            #expect(await library.get("\(base)/author").id == Library.rilke)
            #expect(await library.send("PATCH", "\(base)/author", ["data": nil]).status == 204)
            #expect(await library.get("\(base)/author").data == .null)
            #expect(await library.send("POST", "\(base)/labels", ["data": [label(Library.sea), label(Library.classic)]]).status == 204)
            #expect(await library.get("\(base)/labels").ids == [Library.classic, Library.sea])
            #expect(await library.send("DELETE", "\(base)/labels", ["data": [label(Library.classic)]]).status == 204)
            #expect(await library.get("\(base)/labels", as: .librarian).ids == [Library.hidden, Library.sea])
            #expect(await library.send("PATCH", "\(base)/labels", ["data": []], as: .librarian).status == 204)
            #expect(await library.get("\(base)/labels", as: .librarian).ids == [])
            for method in ["PATCH", "POST", "DELETE"] {
                #expect(await library.send(method, "\(base)/loan", ["data": [["type": "loan", "id": "1"]]]).status == 403)
            }
            #expect(await library.send("PATCH", "\(base)/donor", ["data": nil]).status == 403)
            #expect(await library.send("POST", "\(base)/author", ["data": nil]).status == 405)
            #expect(await library.send("PATCH", "\(base)/labels", ["data": [label(Library.id(99))]]).status == 400)
            #expect(await library.send("PATCH", "\(base)/labels", [:]).pointer == "/data")
            #expect(await library.send("PATCH", "\(base)/library", ["data": nil]).status == 400)
            let created = await library.send(
                "POST",
                "/book/\(Library.waves)/labels",
                ["data": ["type": "label", "attributes": ["name": "x"]]]
            )
            #expect(created.status == 400, "a label needs its library")
        }
    }

    @Test("what hides behind the path or a relationship stays hidden from a writer too", arguments: TestEngine.allCases)
    func hidden(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let book: JSONValue = ["data": ["type": "book", "attributes": ["title": "x"]]]
            #expect(await library.send("POST", "/library/\(Library.harbour)/book", book).status == 404)
            #expect(await library.send("POST", "/book/\(Library.charts)/relationships/labels", ["data": []]).status == 404)
            try await library.database.write { transaction in
                try transaction.execute("UPDATE book SET sequel_id = \(Library.charts), note = 'x' WHERE id = \(Library.waves)")
            }
            let waves = await library.get("/book/\(Library.waves)")
            let relationships = try #require(waves.data?["relationships"]?.object).filter { $0.key != "sequel" }
            let echo: JSONValue = ["data": ["type": "book", "relationships": .object(relationships)]]
            #expect(await library.send("PATCH", "/book/\(Library.waves)", echo).status == 204)
            #expect(await library.get("/book/\(Library.waves)", as: .librarian).linkage("sequel") == [Library.charts])
        }
    }
}
