import Database
import Foundation
import TestSupport
import Testing

struct SQLValueTests {
    private static func table(_ dialect: SQLDialect) -> [SQL] {
        [
            """
            CREATE TABLE sample (name TEXT, amount BIGINT, ratio DOUBLE PRECISION, visible BOOLEAN, content \(dialect.blobColumn))
            """
        ]
    }

    private static let migrations = [Migration(id: "sample", statements: table)]

    @Test("what is written to a column is read from it", arguments: TestEngine.allCases)
    func roundTrip(engine: TestEngine) async throws {
        let content = Data(0...255)
        let name = "Žluťoučký kůň 🐎 \u{0301} 'quoted' \"twice\" \\ ? $1\n\t"
        try await withDatabase(engine, migrations: Self.migrations) { database in
            for (amount, ratio, visible) in [
                (Int64.min, -0.1, true), (.max, .leastNonzeroMagnitude, false), (0, .greatestFiniteMagnitude, true),
            ] {
                let row = try await database.write { transaction in
                    try transaction.execute("DELETE FROM sample")
                    try transaction.execute("INSERT INTO sample VALUES (\(name), \(amount), \(ratio), \(visible), \(content))")
                    return try transaction.row("SELECT * FROM sample")
                }
                let sample = try #require(row)
                #expect(try sample.get("name") == name)
                #expect(try sample.get("amount") == amount)
                #expect(try sample.get("ratio") == ratio)
                #expect(try sample.get("visible") == visible)
                #expect(try sample.get("content") == content)
            }
        }
    }

    @Test("NULL, empty text and empty bytes stay what they are", arguments: TestEngine.allCases)
    func nothing(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let rows = try await database.write { transaction in
                let absent: String? = nil
                try transaction.execute(
                    """
                    INSERT INTO sample (name, amount, ratio, visible, content)
                    VALUES (\(absent), \(Int64?.none), \(Double?.none), \(Bool?.none), \(Data?.none))
                    """
                )
                try transaction.execute("INSERT INTO sample (name, amount, content) VALUES (\(""), \(1), \(Data()))")
                return try transaction.rows("SELECT * FROM sample ORDER BY COALESCE(amount, 0)")
            }
            #expect(rows[0].values == [.null, .null, .null, .null, .null])
            #expect(try rows[0].find("name", as: String.self) == nil)
            #expect(try rows[1].get("name") == "")
            #expect(try rows[1].get("content") == Data())
            #expect(throws: DatabaseError.unexpectedResult("column name is no String")) {
                try rows[0].get("name", as: String.self)
            }
        }
    }

    @Test("a date keeps its milliseconds", arguments: TestEngine.allCases)
    func date(engine: TestEngine) async throws {
        let date = Date(timeIntervalSince1970: 1_790_000_000.123)
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let found = try await database.write { transaction in
                try transaction.execute("INSERT INTO sample (amount) VALUES (\(date))")
                return try transaction.row("SELECT amount FROM sample WHERE amount = \(date)")?.get("amount", as: Date.self)
            }
            #expect(found == date)
        }
    }

    @Test("counts, sums and averages have the same kind on both engines", arguments: TestEngine.allCases)
    func aggregates(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let row = try await database.write { transaction in
                try transaction.execute("INSERT INTO sample (amount, ratio) VALUES (\(1), \(0.5)), (\(2), \(1.0))")
                return try transaction.row(
                    "SELECT COUNT(*) AS count, SUM(amount) AS sum, AVG(amount) AS mean, MAX(ratio) AS most, 7 AS seven FROM sample"
                )
            }
            let result = try #require(row)
            #expect(try result.raw("count") == .integer(2))
            #expect(try result.raw("sum") == .integer(3))
            #expect(try result.raw("mean") == .real(1.5))
            #expect(try result.raw("most") == .real(1))
            #expect(try result.raw("seven") == .integer(7))
        }
    }

    @Test("a value is never read as SQL", arguments: TestEngine.allCases)
    func injection(engine: TestEngine) async throws {
        let attack = "x'); DROP TABLE sample; --"
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let names = try await database.write { transaction in
                try transaction.execute("INSERT INTO sample (name) VALUES (\(attack))")
                return try transaction.rows("SELECT name FROM sample WHERE name = \(attack)").map { try $0.get("name", as: String.self) }
            }
            #expect(names == [attack])
        }
    }

    @Test("an identifier with a quote in it names one column", arguments: TestEngine.allCases)
    func identifier(engine: TestEngine) async throws {
        let column = #"a"b; c"#
        try await withDatabase(engine) { database in
            let row = try await database.read { try $0.row("SELECT 1 AS \(identifier: column)") }
            #expect(try row?.get(column) == 1)
        }
    }

    @Test("text with a NUL character is refused, not cut", arguments: TestEngine.allCases)
    func nulCharacter(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            await #expect(throws: DatabaseError.constraintViolation("text must not contain a NUL character")) {
                try await database.write { try $0.execute("INSERT INTO sample (name) VALUES (\("a\0b"))") }
            }
        }
    }

    @Test("fragments nest with their values in order", arguments: TestEngine.allCases)
    func fragments(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let names = try await database.write { transaction in
                for (name, amount) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] {
                    try transaction.execute("INSERT INTO sample (name, amount) VALUES (\(name), \(amount))")
                }
                let range = SQL.all(["amount > \(1)", "amount < \(4)"])
                let condition = SQL.any([range, "name = \("a")", .any([])])
                return try transaction.rows("SELECT name FROM sample WHERE \(condition) AND amount <> \(2) ORDER BY name LIMIT \(10)")
                    .map { try $0.get("name", as: String.self) }
            }
            #expect(names == ["a", "c"])
        }
    }

    @Test("a list matches its members, and an empty one nothing", arguments: TestEngine.allCases)
    func lists(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let counts = try await database.write { transaction in
                try transaction.execute("INSERT INTO sample (name) VALUES (\("a")), (\("b")), (\("c"))")
                return try [["a", "c", "z"], ["b"], []].map { names in
                    try transaction.rows("SELECT name FROM sample WHERE name IN \(list: names)").count
                }
            }
            #expect(counts == [2, 1, 0])
        }
    }

    @Test("the same statement runs with other kinds of values", arguments: TestEngine.allCases)
    func kindsOfOneStatement(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let rows = try await database.write { transaction in
                for amount in [Int64?.none, 5, nil, 7] {
                    try transaction.execute("INSERT INTO sample (amount) VALUES (\(amount))")
                }
                return try transaction.rows("SELECT amount FROM sample WHERE amount IS NOT NULL ORDER BY amount")
            }
            #expect(try rows.map { try $0.get("amount") } == [5, 7])
        }
    }

    @Test("more statements than are kept prepared still run", arguments: TestEngine.allCases)
    func manyStatements(engine: TestEngine) async throws {
        try await withDatabase(engine) { database in
            let sum = try await database.read { connection in
                try (0..<1100).reduce(0) { sum, number in
                    try sum + (connection.row("SELECT \(number) + \(SQL(stringLiteral: "\(number)")) AS n")?.get("n") ?? 0)
                }
            }
            #expect(sum == 1100 * 1099)
        }
    }
}
