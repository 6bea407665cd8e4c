import Database
import Foundation
import JSONAPI
import TestSupport
import Testing

struct QueryTests {
    /// A query on `/book` as the librarian, and which books it finds; they are numbered 21 to 24.
    private static let filters: [(query: String, numbers: [Int])] = [
        ("title==Charts", [24]), ("title=='The Waves'", [21]), ("title==charts", []), ("title!=Charts", [21, 22, 23]),
        ("title==*e*", [21, 22, 23]), ("title==The*", [21]), ("title==the*", [23]), ("title==*s", [21, 22, 24]),
        ("title==*", [21, 22, 23, 24]),
        ("title==*_*", [22]), ("title==*%25*", []), ("title=='*y**'", [23]), ("title==*[*", []), ("title==*?*", []), ("title!=*e*", [24]),
        ("title=in=(Charts,'The Waves')", [21, 24]), ("title=out=(Charts,'The Waves')", [22, 23]), ("title=ini=(CHARTS)", [24]),
        ("title=outi=(CHARTS,'the waves')", [22, 23]), ("title=prefix=Du", [22]), ("title=postfix=Elegies", [22]),
        ("title=infix=o_E", [22]),
        ("pages==300", [21]), ("pages!=300", [22, 23, 24]), ("pages<90", [24]), ("pages<=90", [22, 24]), ("pages>90", [21]),
        ("pages=ge=90", [21, 22]),
        ("pages=between=(12,90)", [22, 24]), ("pages=notbetween=(12,90)", [21, 23]), ("pages=isnull=true", [23]),
        ("pages=isnull=false", [21, 22, 24]),
        ("pages=in=(12,300)", [21, 24]), ("isSecret==true", [23]), ("isSecret==false;pages<100", [22, 24]), ("genre==POETRY", [22]),
        ("genre=in=(POETRY,NOVEL)", [21, 22, 23, 24]), ("createdDate==2026-01-02", [21, 22]), ("createdDate==2026-01-02T03:04Z", [21]),
        ("createdDate!=2026-01-02", [23, 24]), ("createdDate>2026-01-02T03:04Z", [22, 23]), ("createdDate<=2026-01-02T03:04Z", [21]),
        ("createdDate=between=(2026-01-02T04:00Z,2026-01-03)", [22, 23]), ("createdDate=isnull=true", [24]),
        ("keywords=hasmember=sea", [21]), ("keywords=hasnomember=sea", [22, 23, 24]), ("keywords=isempty=true", [22, 23, 24]),
        ("keywords=isempty=false", [21]), ("titleLength==6", [24]), ("id==\(Library.waves)", [21]),
        ("id=in=(\(Library.waves),\(Library.id(99)))", [21]),
        ("author.name==*Woolf", [21, 23]), ("author.born<1880,pages==12", [22, 24]), ("author=isnull=true", [24]),
        ("author=isnull=false", [21, 22, 23]),
        ("loan.status==out", [21, 24]), ("loan.borrower==ben;loan.status==back", [21]), ("loan=isempty=true", [22, 23]),
        ("loan.id==3", [24]),
        ("labels.name==hidden", [21]), ("cover.colour==blue", [21]), ("library.book.title==Charts", [24]),
        ("sequel.author.name==*Woolf*", [21, 24]),
        ("keywords=subsetof=(sea,time,salt)", [21, 22, 23, 24]), ("keywords=subsetof=(sea,salt)", [22, 23, 24]),
        ("keywords=notsubsetof=(sea,salt)", [21]), ("keywords=supersetof=(sea,time,sea)", [21]), ("keywords=supersetof=(sea,salt)", []),
        ("keywords=notsupersetof=(sea,salt)", [21, 22, 23, 24]), ("labels.name=hasmember=classic", [21, 22]),
        ("labels.name=hasnomember=classic", [23, 24]), ("labels.name=supersetof=(classic,hidden)", [21]),
        ("labels.name=notsupersetof=(classic,hidden)", [22, 23, 24]), ("labels.name=subsetof=(classic)", [22, 23, 24]),
        ("labels.name=notsubsetof=(classic)", [21]), ("library.book.title=hasnomember=Charts", [21, 22, 23]),
        ("loan=isempty=true;pages=lt=100", [22]), ("pages=gt=90;pages=le=300", [21]),
        ("(title==Charts,title==*Waves);pages>100", [21]), ("title==Charts or pages==90 and genre==POETRY", [22, 24]), ("note==salt", [24]),
    ]

    @Test("filters find the rows they mean", arguments: TestEngine.allCases)
    func filters(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            for (filter, numbers) in Self.filters {
                let encoded = filter.replacing(" ", with: "+")
                let answer = await library.get("/book?filter[book]=\(encoded)", as: .librarian)
                #expect(answer.ids == numbers.map(Library.id), "\(filter): \(answer)")
            }
            #expect(await library.get("/book?filter=pages%3E90", as: .librarian).ids == [Library.waves])
            #expect(
                await library.get("/book?filter=pages>1&filter[book]=pages<100", as: .librarian).ids == [Library.elegies, Library.charts]
            )
            #expect(await library.get("/library/\(Library.centre)/book?filter[book]=genre==POETRY").ids == [Library.elegies])
            #expect(await library.get("/book/\(Library.waves)/loan?filter=status==out").ids == ["2"])
        }
    }

    @Test("a filter cannot tell what the caller may not read", arguments: TestEngine.allCases)
    func leaks(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            for filter in ["note==under*", "note!=x", "note=isnull=false", "note=isnull=true;title==the*", "note=out=(x)", "note=gt=a"] {
                #expect(await library.get("/book?filter=\(filter)").ids.contains(Library.diary) == false, "\(filter)")
            }
            #expect(await library.get("/book?filter=labels.name==hidden").ids == [])
            #expect(await library.get("/author?filter=works.title==Charts").ids == [])
            #expect(await library.get("/author?filter=works.note==under*").ids == [])
            #expect(await library.get("/library?filter=name==Harbour").ids == [])
            #expect(await library.get("/book?filter=sequel.note==under*").ids == [])
            #expect(await library.get("/book?filter=labels.name=supersetof=(classic,hidden)").ids == [])
            let subset = await library.get("/book?filter=labels.name=subsetof=(classic);id==\(Library.waves)")
            #expect(subset.ids == [Library.waves], "a label that is hidden is none")
            #expect(await library.get("/author?filter=works.note=hasmember=salt").ids == [])
            #expect(await library.get("/book?filter=sequel.note==under*", as: .librarian).ids == [Library.waves])
        }
    }

    @Test("the order of a hidden attribute does not show in a sorted list", arguments: TestEngine.allCases)
    func hiddenOrder(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let expected = [Library.waves, Library.elegies, Library.diary]
            #expect(await library.get("/book?sort=note").ids == expected)
            try await library.database.write { try $0.execute("UPDATE book SET note = '0' WHERE id = \(Library.diary)") }
            #expect(await library.get("/book?sort=note").ids == expected)
            #expect(await library.get("/book?sort=note", as: .librarian).ids.first == Library.diary)
        }
    }

    @Test(
        "filters that mean nothing are refused with their parameter",
        arguments: [
            ("filter[book]=colour==blue", 400, "Unknown attribute colour in book"),
            ("filter[book]=author.colour==blue", 400, "Unknown attribute colour in author"),
            ("filter[book]=title.x==blue", 400, "Unknown attribute title in book"),
            ("filter[book]=author==x", 400, "author is a relationship"),
            ("filter[book]=pages==x", 400, "Invalid value: x for pages"),
            ("filter[book]=isSecret==1", 400, "Invalid value: 1 for isSecret"),
            ("filter[book]=createdDate==soon", 400, "Invalid value: soon"), ("filter[book]=genre==novel", 404, "Unknown genre value novel"),
            ("filter[book]=pages=isnull=maybe", 400, "=isnull= takes true or false"),
            ("filter[book]=title=hasmember=x", 400, "cannot compare title"),
            ("filter[book]=keywords==x", 400, "cannot compare keywords"),
            ("filter[book]=title=subsetof=x", 400, "cannot compare title"),
            ("filter[book]=labels.name=supersetof=(a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q)", 400, "at most 16 values"),
            ("filter[book]=pages=prefix=1", 400, "cannot compare pages"),
            ("filter[book]=(", 400, "The filter cannot be read"), ("filter[shelf]=a==b", 400, "Unknown collection shelf"),
            ("filter[loan]=colour==x", 400, "Unknown attribute colour in loan"), ("filter[book]=loan.id==x", 400, "Invalid value: x"),
            ("filter[book]=author.works.author.works.title==x", 400, "at most one to-many"),
            ("filter[book]=sequel.sequel.sequel.sequel.sequel.title==x", 400, "at most 4 relationships"),
        ]
    )
    func badFilters(query: String, status: Int, detail: String) async throws {
        try await withLibrary(.sqlite) { library in
            let answer = await library.get("/book?\(query)")
            #expect(answer.status == status)
            #expect(answer.detail.contains(detail), "\(answer)")
            #expect(answer.parameter == query.split(separator: "=").first.map(String.init))
        }
    }

    @Test("lists are sorted, with the id as the last word", arguments: TestEngine.allCases)
    func sorts(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let cases: [(String, [Int])] = [
                ("pages", [24, 22, 21, 23]), ("-pages", [23, 21, 22, 24]), ("genre,-pages", [23, 21, 24, 22]),
                ("-genre", [22, 21, 23, 24]),
                ("author.born,-titleLength", [22, 23, 21, 24]), ("-id", [24, 23, 22, 21]), ("-createdDate", [24, 23, 22, 21]),
                ("sequel.author.name,id", [21, 24, 22, 23]), ("", [21, 22, 23, 24]), ("cover.colour", [21, 22, 23, 24]),
            ]
            for (sort, numbers) in cases {
                let answer = await library.get("/book?sort=\(sort)", as: .librarian)
                #expect(answer.ids == numbers.map(Library.id), "\(sort): \(answer)")
            }
            for sort in [
                "colour", "-author.colour", "loan.status", "author", ".", "title.x", "a,b,c,d,e,f,g,h,i",
                "sequel.sequel.sequel.sequel.sequel.title",
            ] {
                let answer = await library.get("/book?sort=\(sort)")
                #expect(answer.status == 400, "\(sort): \(answer)")
                #expect(answer.parameter == "sort")
            }
        }
    }

    @Test("pages cut a list, and totals count it", arguments: TestEngine.allCases)
    func pages(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            func page(_ keys: String) async -> Answer { await library.get("/book?\(keys)", as: .librarian) }
            let second = await page("page[number]=2&page[size]=3&page[totals]&sort=pages")
            #expect(second.ids == [Library.diary])
            #expect(second.document?["meta"] == ["page": ["number": 2, "limit": 3, "totalPages": 2, "totalRecords": 4]])
            let offset = await page("page%5Boffset%5D=1&page%5Blimit%5D=2")
            #expect(offset.ids == [Library.elegies, Library.diary])
            #expect(offset.document?["meta"] == ["page": ["number": 1, "limit": 2]])
            #expect(
                await page("page[totals]").document?["meta"] == ["page": ["number": 1, "limit": 500, "totalPages": 1, "totalRecords": 4]]
            )
            #expect(await page("page[number]=9").ids == [])
            #expect(await page("sort=id").document?["meta"] == nil)
            let first = await page("page[first]=2")
            #expect(first.ids == [Library.waves, Library.elegies])
            #expect(first.document?["meta"]?["page"]?["endCursor"] == .string(Library.elegies))
            #expect(await page("page[first]=2&page[after]=\(Library.elegies)").ids == [Library.diary, Library.charts])
            #expect(await page("page[last]=2").ids == [Library.diary, Library.charts])
            #expect(await page("page[last]=2&page[before]=\(Library.charts)").ids == [Library.elegies, Library.diary])
            #expect(await library.get("/book/\(Library.waves)/loan?page[after]=1").ids == ["2"])
        }
    }

    @Test(
        "impossible pages are refused",
        arguments: [
            "page[size]=10001", "page[size]=0", "page[size]=x", "page[size]=-1", "page[number]=0", "page[number]=99999999999999999999",
            "page[number]=9223372036854775807&page[size]=10000", "page[number]=1&page[offset]=1", "page[colour]=1", "page=1",
            "page[first]=1&sort=title", "page[first]=1&page[last]=1", "page[after]=17", "page[limit]=10001", "page[offset]=-1",
        ]
    )
    func badPages(query: String) async throws {
        try await withLibrary(.sqlite) { library in
            let answer = await library.get("/book?\(query)")
            #expect(answer.status == 400, "\(answer)")
            #expect(answer.parameter != nil)
        }
    }

    @Test(
        "unknown and broken query keys are refused",
        arguments: [
            ("colour=blue", "colour"), ("filters[book]=a==b", "filters[book]"), ("sort[book]=title", "sort[book]"),
            ("page[size=1", "page[size"),
            ("sort=title&sort=pages", "sort"), ("filter=%ff", "filter"), ("filter=%0", "filter"), ("filter=title==a%00b", "filter"),
        ]
    )
    func badKeys(query: String, parameter: String) async throws {
        try await withLibrary(.sqlite) { library in
            let answer = await library.get("/book?\(query)")
            #expect(answer.status == 400)
            #expect(answer.parameter == parameter, "\(answer)")
        }
    }

    @Test("the engines' own wildcards are plain characters", arguments: TestEngine.allCases)
    func wildcards(engine: TestEngine) async throws {
        try await withLibrary(engine) { library in
            let names = ["x[y]", "x?y", "x*y", "x%y", #"x\y"#, "x_y", "xzy"]
            try await library.database.write { transaction in
                for (index, name) in names.enumerated() {
                    try transaction.execute("INSERT INTO author (id, name) VALUES (\(Library.id(41 + index)), \(name))")
                }
            }
            for (index, name) in names.enumerated() {
                let start = name.prefix(2).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                #expect(await library.get("/author?filter=name==\(start)*").ids == [Library.id(41 + index)], "\(name)")
                #expect(await library.get("/author?filter=name=prefix=\(start)").ids == [Library.id(41 + index)], "\(name)")
            }
        }
    }

    @Test("a plus is a space, and an encoded plus is a plus")
    func plus() async throws {
        try await withLibrary(.sqlite) { library in
            try await library.database.write {
                try $0.execute("INSERT INTO author (id, name) VALUES (\(Library.id(13)), 'a b'), (\(Library.id(14)), 'a+b')")
            }
            #expect(await library.get("/author?filter=name=='a+b'").ids == [Library.id(13)])
            #expect(await library.get("/author?filter=name==a%2Bb").ids == [Library.id(14)])
            #expect(await library.get("/author?filter=name=='a%20b';id=isnull=false").ids == [Library.id(13)])
        }
    }
}
