import Foundation
import JSONAPI
import TestSupport
import Testing

/// Atomic operations that fail: nothing is left behind, and the answer says which and why.
struct AtomicFailureTests {
    private static let good: JSONValue = ["op": "add", "href": "/author", "data": ["type": "author", "attributes": ["name": "Left over"]]]

    /// The second of three operations, the status inside, and where the error points.
    private static let failures: [(operation: JSONValue, status: String, pointer: String)] = [
        (["op": "remove", "href": .string("/book/\(Library.id(99))")], "404", ""),
        (["op": "remove", "href": .string("/book/\(Library.charts)")], "404", ""),
        (["op": "remove", "href": "/shelf/1"], "404", ""), (["op": "remove", "href": "/book/17"], "400", ""),
        (["op": "remove", "href": "/book?x=1"], "400", "/href"), (["op": "remove", "href": 5], "400", "/href"),
        (["op": "remove", "href": "/book"], "400", "/href"), (["op": "add", "href": .string("/book/\(Library.waves)")], "400", "/href"),
        (["op": "remove", "ref": ["type": "book"]], "400", "/ref"),
        (["op": "remove", "ref": ["type": "shelf", "id": "1"]], "400", "/ref"),
        (["op": "update", "ref": ["type": "book", "id": .string(Library.waves), "relationship": "x"], "data": nil], "404", ""),
        (["op": "update", "href": .string("/book/\(Library.waves)"), "ref": ["type": "book", "id": "x"]], "400", "/ref"),
        (["op": "update", "href": .string("/book/\(Library.waves)")], "400", "/data"),
        (["op": "update", "href": .string("/book/\(Library.waves)"), "data": ["id": "x"]], "400", "/data/type"),
        (["op": "update", "data": ["type": "book", "lid": "x"]], "400", "/data"),
        (["op": "update"], "400", ""), (["op": "move", "href": "/book"], "400", "/op"), (["href": "/book"], "400", "/op"), (5, "400", ""),
        (["op": "add", "href": "/author", "data": ["type": "author"]], "400", "/data/attributes/name"),
        (["op": "add", "href": "/author", "data": ["type": "author", "attributes": ["x": 1]]], "404", "/data/attributes/x"),
        (
            [
                "op": "update", "href": .string("/book/\(Library.waves)"),
                "data": ["type": "book", "relationships": ["author": ["data": ["type": "author", "lid": "nobody"]]]],
            ], "400", "/data/relationships/author/data"
        ),
    ]

    @Test("an operation that makes no sense answers 400 with an error for each operation", arguments: TestEngine.allCases)
    func senseless(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            for failure in Self.failures {
                let answer = await library.operate([Self.good, failure.operation, Self.good])
                #expect(answer.status == 400, "\(failure.operation): \(answer)")
                let elements = answer.document?.array ?? []
                #expect(elements.count == 3, "\(failure.operation): \(answer)")
                guard elements.count == 3 else { continue }
                #expect(elements[0] == ["errors": [["detail": "Subsequent operation failed."]]])
                #expect(elements[2] == ["errors": [["detail": "Operation not executed. Terminated by earlier failure."]]])
                let error = elements[1]["errors"]?.array?.first
                #expect(error?["status"] == .string(failure.status), "\(failure.operation): \(answer)")
                #expect(
                    error?["source"]?["pointer"] == .string("/atomic:operations/1\(failure.pointer)"),
                    "\(failure.operation): \(answer)"
                )
                #expect(error?["detail"]?.string?.isEmpty == false)
            }
            #expect(await library.get("/author?filter=name=='Left over'").ids == [])
            #expect(library.log.entries == [])
        }
    }

    @Test("an operation that a rule refuses answers as it would alone", arguments: TestEngine.allCases)
    func refused(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let cases: [(JSONValue, Int, String)] = [
                (["op": "remove", "href": .string("/book/\(Library.waves)/loan/2")], 409, "The book is still out."),
                (
                    [
                        "op": "update", "href": .string("/author/\(Library.woolf)"),
                        "data": ["type": "author", "attributes": ["name": "x"]],
                    ], 403, "UpdatePermission Denied"
                ),
                (
                    ["op": "add", "href": .string("/library"), "data": ["type": "library", "attributes": ["name": "Centre"]]], 409,
                    "This operation conflicts with data that already exists."
                ),
                (["op": "add", "href": "/author", "data": ["type": "book"]], 409, "This path takes the type author, not book."),
            ]
            for (operation, status, detail) in cases {
                let answer = await library.operate([Self.good, operation])
                #expect(answer.status == status, "\(answer)")
                #expect(answer.detail == detail)
            }
            #expect(await library.get("/author?filter=name=='Left over'").ids == [])
        }
    }

    @Test("a relationship that must not be set fails the operation that asked for it, even when it is set last")
    func postponed() async throws {
        try await withLibrary(.sqlite) { library in
            let donor: JSONValue = ["donor": ["data": ["type": "author", "lid": "a"]]]
            let book: JSONValue = ["type": "book", "attributes": ["title": "x"], "relationships": donor]
            let answer = await library.operate([
                ["op": "add", "href": .string("/library/\(Library.centre)/book"), "data": book],
                ["op": "add", "href": "/author", "data": ["type": "author", "lid": "a", "attributes": ["name": "Left over"]]],
            ])
            #expect(answer.status == 403)
            #expect(answer.pointer == "/atomic:operations/0/data/relationships/donor")
            #expect(await library.get("/author?filter=name=='Left over'").ids == [])
        }
    }

    @Test("two resources of one type must not have the same name")
    func sameName() async throws {
        try await withLibrary(.sqlite) { library in
            let author: JSONValue = ["type": "author", "lid": "a", "attributes": ["name": "x"]]
            let add: JSONValue = ["op": "add", "href": "/author", "data": author]
            let answer = await library.operate([add, add])
            #expect(answer.status == 400)
            #expect(answer.document?.array?.last?["errors"]?.array?.first?["source"]?["pointer"] == "/atomic:operations/1/data/lid")
        }
    }

    @Test("a body without operations, or with too many, is refused as a whole")
    func bodies() async throws {
        try await withLibrary(.sqlite) { library in
            for body: JSONValue in [[:], [], 5, nil, ["atomic:operations": []], ["atomic:operations": 5], ["data": []]] {
                let answer = await library.send("POST", "/operations", body)
                #expect(answer.status == 400)
                #expect(answer.pointer == "/atomic:operations")
            }
            #expect(await library.operate(Array(repeating: Self.good, count: 1001)).pointer == "/atomic:operations")
            #expect(await library.get("/author?filter=name=='Left over'").ids == [])
            #expect(await library.operate(Array(repeating: Self.good, count: 1000)).results.count == 1000)
            let query = await library.send("POST", "/operations?include=x", ["atomic:operations": [Self.good]])
            #expect(query.parameter == "include")
            let get = await library.get("/operations/")
            #expect(get.status == 405)
            #expect(get.headers["allow"] == "POST")
        }
    }

    @Test(
        "the extension's media type is read, and plain JSON, and nothing that a foreign page's form could send",
        arguments: [
            ("application/vnd.api+json;ext=\"https://jsonapi.org/ext/atomic\"", 200),
            ("application/vnd.api+json; ext=\"https://jsonapi.org/ext/atomic\"; charset=utf-8", 200),
            ("application/vnd.api+json", 200), ("application/json", 200), ("application/json; charset=utf-8", 200),
            ("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("multipart/form-data", 415), (nil, 415), ("", 415),
            ("application/vnd.api+json;ext=jsonpatch", 415),
            ("application/vnd.api+json;ext=\"https://jsonapi.org/ext/atomic https://example.com/x\"", 415),
        ] as [(String?, Int)]
    )
    func mediaTypes(type: String?, status: Int) async throws {
        try await withLibrary(.sqlite) { library in
            let body = JSONValue.object(["atomic:operations": [Self.good]]).serialised()
            let answer = await library.send("POST", "/operations", data: body, contentType: type, accept: status == 200 ? type : nil)
            #expect(answer.status == status, "\(answer)")
        }
    }
}
