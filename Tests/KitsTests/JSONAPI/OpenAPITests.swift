import Foundation
import JSONAPI
import TestSupport
import Testing

/// The description that declarations give.
struct OpenAPITests {
    private func withDocument(_ body: (JSONValue) throws -> Void) async throws {
        try await withLibrary(.sqlite) { library in
            let document = try library.api.openAPI(title: "Library", version: "7").json
            try body(try JSONValue(parsing: document.serialised()))
        }
    }

    @Test("every way to a resource has its path, and none goes round")
    func paths() async throws {
        try await withDocument { document in
            let paths = document["paths"]?.object ?? [:]
            for path in [
                "/operations", "/book", "/book/{bookId}", "/book/{bookId}/loan", "/book/{bookId}/loan/{loanId}",
                "/book/{bookId}/relationships/loan", "/book/{bookId}/cover/{coverId}", "/book/{bookId}/author",
                "/library/{libraryId}/book/{bookId}", "/author/{authorId}/works/{bookId}", "/book/{bookId}/labels/{labelId}",
            ] {
                #expect(paths[path] != nil, "\(path)")
            }
            for path in ["/loan", "/label/{labelId}", "/book/{bookId}/author/{authorId}", "/book/{bookId}/sequel/{bookId2}"] {
                #expect(paths[path] == nil, "\(path)")
            }
            #expect(paths.count < 60)
        }
    }

    @Test("a path has the operations that somebody may do")
    func operations() async throws {
        try await withDocument { document in
            func methods(_ path: String) -> [String] {
                (document["paths"]?[path]?.object ?? [:]).keys.filter { $0 != "parameters" }.sorted()
            }
            #expect(methods("/book") == ["get", "post"])
            #expect(methods("/book/{bookId}") == ["delete", "get", "patch"])
            #expect(methods("/author/{authorId}") == ["delete", "get"])
            #expect(methods("/book/{bookId}/cover") == ["delete", "get", "patch", "post"])
            #expect(methods("/book/{bookId}/donor") == ["delete", "get"])
            #expect(methods("/book/{bookId}/relationships/loan") == ["get"])
            #expect(methods("/book/{bookId}/relationships/author") == ["get", "patch"])
            #expect(methods("/book/{bookId}/relationships/labels") == ["delete", "get", "patch", "post"])
            #expect(methods("/operations") == ["post"])
        }
    }

    @Test("schemas say what may be sent, and what comes back")
    func schemas() async throws {
        try await withDocument { document in
            let schemas = document["components"]?["schemas"]
            let new = schemas?["book.Create"]?["properties"]?["data"]?["properties"]
            #expect(new?["attributes"]?["required"] == ["title"])
            #expect(new?["attributes"]?["properties"]?["title"] == ["type": "string", "maxLength": 40])
            #expect(new?["attributes"]?["properties"]?["genre"] == ["type": "string", "enum": ["NOVEL", "POETRY"], "default": "NOVEL"])
            #expect(new?["attributes"]?["properties"]?["isbn"] != nil)
            #expect(new?["relationships"]?["properties"]?.object?.keys.sorted() == ["author", "labels", "library", "sequel"])
            let changed = schemas?["book.Update"]?["properties"]?["data"]?["properties"]?["attributes"]
            #expect(changed?["required"] == [])
            for name in ["isbn", "popularity", "shelfMark", "titleLength", "createdDate"] {
                #expect(changed?["properties"]?[name] == nil, "\(name)")
                #expect(schemas?["book.Attributes"]?["properties"]?[name] != nil, "\(name)")
            }
            #expect(schemas?["book.Attributes"]?["properties"]?["pages"]?["type"] == ["integer", "null"])
            #expect(schemas?["cover.Create"]?["properties"]?["data"]?["required"] == ["type", "id"])
            #expect(document["info"]?["version"] == "7")
            #expect(document["servers"] == [["url": "/api/v1"]])
        }
    }
}
