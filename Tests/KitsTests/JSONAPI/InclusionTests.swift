import Database
import JSONAPI
import TestSupport
import Testing

struct InclusionTests {
    @Test("includes bring each resource once, with its own linkage", arguments: TestEngine.allCases)
    func includes(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let answer = await library.get("/library/\(Library.centre)/book?include=author,loan.book,library")
            #expect(
                answer.included == [
                    "author/\(Library.woolf)", "author/\(Library.rilke)", "library/\(Library.centre)", "loan/1", "loan/2",
                ]
            )
            let loan = answer.document?["included"]?.array?.last
            #expect(loan?["attributes"] == ["borrower": "eva", "status": "out"])
            #expect(loan?["relationships"]?["book"] == ["data": ["type": "book", "id": .string(Library.waves)]])
            #expect(await library.get("/book/\(Library.elegies)?include=cover,loan").text.hasSuffix(#","included":[]}"#))
            #expect(await library.get("/book/\(Library.elegies)/cover?include=").text == #"{"data":null,"included":[]}"#)
        }
    }

    @Test("includes hide what the caller may not read, on every way to it", arguments: TestEngine.allCases)
    func hidden(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            #expect(await library.get("/book/\(Library.waves)?include=labels").included == ["label/\(Library.classic)"])
            #expect(
                await library.get("/author/\(Library.woolf)?include=works.sequel.library").included == [
                    "book/\(Library.waves)", "book/\(Library.diary)", "library/\(Library.centre)",
                ]
            )
            let diary = await library.get("/book/\(Library.waves)?include=sequel").document?["included"]?.array?.first
            #expect(diary?["attributes"]?["note"] == nil)
        }
    }

    @Test("sparse fields narrow what is included and never what include finds", arguments: TestEngine.allCases)
    func sparse(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let answer = await library.get("/book/\(Library.waves)?include=author.works&fields[book]=title&fields[author]=born")
            #expect(answer.data?["relationships"] == [:])
            #expect(answer.included == ["author/\(Library.woolf)", "book/\(Library.diary)"])
            #expect(answer.document?["included"]?.array?.first?["attributes"] == ["born": 1882])
        }
    }

    @Test("a filter of another type narrows linkage and inclusion of it", arguments: TestEngine.allCases)
    func filtered(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let answer = await library.get("/book/\(Library.waves)?filter[loan]=status==out&include=loan")
            #expect(answer.linkage("loan") == ["2"])
            #expect(answer.included == ["loan/2"])
            let list = await library.get("/book?filter[author]=born<1880&include=author")
            #expect(list.ids.count == 3)
            #expect(list.included == ["author/\(Library.rilke)"])
        }
    }

    @Test("linkage on demand is left out until it is asked for", arguments: TestEngine.allCases)
    func onDemand(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let path = "/library/\(Library.centre)"
            let plain = await library.get(path)
            #expect(plain.data?["relationships"]?["loan"] == ["meta": ["omitted": true]])
            #expect(plain.linkage("book").count == 3)
            #expect(await library.get("\(path)?include=loan").linkage("loan") == ["1", "2"])
            #expect(await library.get("\(path)?fields[library]=name,loan").linkage("loan") == ["1", "2"])
            #expect(await library.get("\(path)?fields[library]=name").data?["relationships"] == [:])
            #expect(await library.get("\(path)/relationships/loan").ids == ["1", "2"])
            let included = await library.get("/book/\(Library.waves)?include=library").document?["included"]?.array?.first
            #expect(included?["relationships"]?["loan"] == ["meta": ["omitted": true]])
            _ = library.database.takeCount()
            _ = await library.get("\(path)?fields[library]=name,book,label,loan")
            #expect(library.database.takeCount() == 2, "one statement finds the library, one all of its linkage")
        }
    }

    @Test("cycles end, and the limits of include hold")
    func cycles() async throws {
        try await withLibrary(.sqlite) { library in
            let cycle = await library.get("/book/\(Library.waves)?include=author.works.author.works.author.works")
            #expect(cycle.included == ["author/\(Library.woolf)", "book/\(Library.diary)"])
            for include in ["colour", "author.colour", "author.works.author.works.author.works.author", ".", "author..works"] {
                let answer = await library.get("/book?include=\(include)")
                #expect(answer.status == 400, "\(include)")
                #expect(answer.parameter == "include")
            }
            let many = Array(repeating: "author", count: 21).joined(separator: ",")
            #expect(await library.get("/book?include=\(many)").status == 400)
        }
    }

    @Test("the number of statements does not depend on the number of rows", arguments: TestEngine.allCases)
    func statements(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let queries = [
                "/library/\(Library.centre)/book", "/library/\(Library.centre)/book?include=author.works,loan.library,labels,cover",
                "/library/\(Library.centre)?include=book.author,loan",
                "/library/\(Library.centre)/book?fields[book]=title&sort=author.name",
            ]
            var before: [Int] = []
            for query in queries {
                #expect(await library.get(query).status == 200)
                before.append(library.database.takeCount())
            }
            try await Self.grow(library, by: 200)
            for (query, count) in zip(queries, before) {
                let answer = await library.get(query)
                #expect(answer.status == 200)
                #expect(library.database.takeCount() == count, "\(query)")
            }
            #expect(await library.get("/library/\(Library.centre)/book").ids.count == 203)
            _ = library.database.takeCount()
            _ = await library.get("/library/\(Library.centre)/book?fields[book]=title")
            #expect(library.database.takeCount() == 2)
        }
    }

    private static func grow(_ library: Library, by count: Int) async throws {
        try await library.database.write { transaction in
            for number in 1...count {
                let author = Library.id(10_000 + number)
                let book = Library.id(20_000 + number)
                try transaction.execute("INSERT INTO author VALUES (\(author), \("Author \(number)"), 1900)")
                try transaction.execute(
                    """
                    INSERT INTO book (id, title, genre, is_secret, library_id, author_id)
                    VALUES (\(book), \("Book \(number)"), 'NOVEL', FALSE, \(Library.centre), \(author))
                    """
                )
                try transaction.execute(
                    "INSERT INTO loan (borrower, status, book_id, library_id) VALUES ('x', 'out', \(book), \(Library.centre))"
                )
                try transaction.execute("INSERT INTO cover VALUES (\("cover \(number)"), 'red', \(book))")
                try transaction.execute("INSERT INTO book_label VALUES (\(book), \(Library.sea))")
            }
        }
    }
}
