import Testing

@testable import JSONAPI

struct RSQLTests {
    private static func one(_ path: String, _ comparator: RSQL.Comparator, _ arguments: String...) -> RSQL {
        .comparison(RSQL.Comparison(path: path.split(separator: ".").map(String.init), comparator: comparator, arguments: arguments))
    }

    private static let valid: [(String, RSQL)] = [
        ("a==b", one("a", .equal, "b")), ("a.b.c!=1", one("a.b.c", .notEqual, "1")),
        ("a=in=(x,'y,z',\"w\")", one("a", .isIn, "x", "y,z", "w")),
        ("a=in=x", one("a", .isIn, "x")), ("a<1", one("a", .less, "1")), ("a<=1", one("a", .lessOrEqual, "1")),
        ("a>1", one("a", .greater, "1")),
        ("a>=1", one("a", .greaterOrEqual, "1")), ("a=lt=1", one("a", .less, "1")), ("a=ge=1", one("a", .greaterOrEqual, "1")),
        ("a=isnull=true", one("a", .isNull, "true")), ("a=between=(1,2)", one("a", .between, "1", "2")),
        ("a=='it\\'s \\\\ ok'", one("a", .equal, "it's \\ ok")), ("a==''", one("a", .equal, "")), ("a==*ü*", one("a", .equal, "*ü*")),
        ("a==1;b==2,c==3", .any([.all([one("a", .equal, "1"), one("b", .equal, "2")]), one("c", .equal, "3")])),
        ("a==1 and (b==2 or c==3)", .all([one("a", .equal, "1"), .any([one("b", .equal, "2"), one("c", .equal, "3")])])),
        (" ( a == 1 ) ", one("a", .equal, "1")), ("a==2026-01-02T03:04Z", one("a", .equal, "2026-01-02T03:04Z")),
        ("or==1 or and==2", .any([one("or", .equal, "1"), one("and", .equal, "2")])),
    ]

    @Test("filters are read", arguments: valid)
    func reads(text: String, filter: RSQL) throws {
        #expect(try RSQL(parsing: text, parameter: "filter") == filter)
    }

    @Test(
        "broken filters are refused with the parameter",
        arguments: [
            "", " ", "a", "a=", "a==", "a=b", "==b", "a==b;", ";a==b", "a==b,,c==d", "(a==b", "a==b)", "a=foo=b", "a=in=()", "a=in=(b",
            "a==(b,c)",
            "a=between=(1)", "a=='b", "a==b c==d", "a..b==c", ".a==b", "a~b", "a==b=c", "a=isnull=(true,false)", "a!b", "a=1=b", "()",
        ]
    )
    func refuses(text: String) {
        let error = #expect(throws: APIError.self) { try RSQL(parsing: text, parameter: "filter[x]") }
        #expect(error?.status == 400)
        #expect(error?.parameter == "filter[x]")
    }

    @Test("the limits of a filter hold")
    func limits() throws {
        let many = Array(repeating: "a==1", count: 200).joined(separator: ",")
        _ = try RSQL(parsing: many, parameter: "f")
        #expect(throws: APIError.self) { try RSQL(parsing: many + ",a==1", parameter: "f") }
        let deep = String(repeating: "(", count: 16) + "a==1" + String(repeating: ")", count: 16)
        _ = try RSQL(parsing: deep, parameter: "f")
        #expect(throws: APIError.self) { try RSQL(parsing: "(\(deep))", parameter: "f") }
        #expect(throws: APIError.self) { try RSQL(parsing: "a==" + String(repeating: "x", count: 8192), parameter: "f") }
        #expect(throws: APIError.self) { try RSQL(parsing: String(repeating: "a.", count: 17) + "a==1", parameter: "f") }
    }
}

struct ISODateTests {
    @Test(
        "dates are read in the forms of ISO 8601, with their precision",
        arguments: [
            ("1970-01-01", 0, 86_400_000), ("2026-01-02T03:04Z", 1_767_323_040_000, 60_000),
            ("2026-01-02T03:04:05Z", 1_767_323_045_000, 1000),
            ("2026-01-02T03:04:05.6Z", 1_767_323_045_600, 1), ("2026-01-02T03:04:05.678+00:00", 1_767_323_045_678, 1),
            ("2026-01-02T05:34:05+02:30", 1_767_323_045_000, 1000), ("2026-01-02 03:04", 1_767_323_040_000, 60_000),
            ("1969-12-31T23:59:59Z", -1000, 1000), ("2000-02-29", 951_782_400_000, 86_400_000),
        ] as [(String, Int64, Int64)]
    )
    func reads(text: String, start: Int64, length: Int64) throws {
        let date = try #require(ISODate(text))
        #expect(date.start == start)
        #expect(date.end - date.start == length)
    }

    @Test(
        "what is no date is refused",
        arguments: [
            "", "2026", "2026-13-01", "2026-02-29", "2026-00-10", "2026-01-02T", "2026-01-02T24:00", "2026-01-02T03:04:60Z", "x",
            "2026-1-2",
        ]
    )
    func refuses(text: String) {
        #expect(ISODate(text) == nil)
    }

    @Test(
        "dates are shown without seconds",
        arguments: [
            (0, "1970-01-01T00:00Z"), (1_767_323_045_678, "2026-01-02T03:04Z"), (-1, "1969-12-31T23:59Z"),
            (951_826_200_000, "2000-02-29T12:10Z"),
        ]
            as [(Int64, String)]
    )
    func shows(milliseconds: Int64, text: String) {
        #expect(ISODate.format(milliseconds: milliseconds) == text)
    }
}
