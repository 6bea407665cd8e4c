import Database
import Foundation
import TestSupport
import Testing

struct MigratorTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let first = Migration(id: "rooms/001", ["CREATE TABLE room (id BIGINT PRIMARY KEY, name TEXT)"])
    private static let second = Migration(
        id: "rooms/002",
        ["ALTER TABLE room ADD COLUMN floor BIGINT", "INSERT INTO room VALUES (1, 'a', 2)"]
    )

    private static func applied(_ database: any SQLDatabase) async throws -> [String] {
        try await database.read { try $0.rows("SELECT id FROM schema_migration ORDER BY id").map { try $0.get("id") } }
    }

    @Test("migrations are applied once, in the order given", arguments: TestEngine.allCases)
    func order(engine: TestEngine) async throws {
        try await withDatabase(engine) { database in
            try await Migrator([Self.first]).apply(to: database, now: Self.now)
            #expect(try await Self.applied(database) == ["rooms/001"])
            for _ in 0..<2 {
                try await Migrator([Self.first, Self.second]).apply(to: database, now: Self.now)
            }
            #expect(try await Self.applied(database) == ["rooms/001", "rooms/002"])
            let (floors, dates) = try await database.read { connection in
                try (
                    connection.rows("SELECT floor FROM room").map { try $0.get("floor", as: Int.self) },
                    connection.rows("SELECT applied_date FROM schema_migration").map { try $0.get("applied_date", as: Date.self) }
                )
            }
            #expect(floors == [2])
            #expect(dates == [Self.now, Self.now])
        }
    }

    @Test("a migration that fails leaves none of those applied with it", arguments: TestEngine.allCases)
    func allOrNothing(engine: TestEngine) async throws {
        let wrong = Migration(id: "rooms/003", ["CREATE TABLE chair (id BIGINT)", "INSERT INTO nowhere VALUES (1)"])
        try await withDatabase(engine) { database in
            await #expect(throws: DatabaseError.self) {
                try await Migrator([Self.first, wrong]).apply(to: database, now: Self.now)
            }
            try await Migrator([Self.first, Self.second]).apply(to: database, now: Self.now)
            #expect(try await Self.applied(database) == ["rooms/001", "rooms/002"])
        }
    }

    @Test("a changed migration refuses to start", arguments: TestEngine.allCases)
    func changed(engine: TestEngine) async throws {
        let edited = Migration(id: "rooms/001", ["CREATE TABLE room (id BIGINT PRIMARY KEY, name TEXT NOT NULL)"])
        try await withDatabase(engine, migrations: [Self.first]) { database in
            await #expect(throws: DatabaseError.migration("rooms/001 was changed after it had been applied")) {
                try await Migrator([edited, Self.second]).apply(to: database, now: Self.now)
            }
            let applied = try await Self.applied(database)
            #expect(applied == ["rooms/001"])
        }
    }

    @Test("a database of a newer version refuses to start", arguments: TestEngine.allCases)
    func unknown(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: [Self.first, Self.second]) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await Migrator([Self.first]).apply(to: database, now: Self.now)
            }
            guard case .migration(let message) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(message.hasPrefix("rooms/002 "))
        }
    }

    @Test("two migrations with one id are refused")
    func twice() async throws {
        try await withDatabase(.sqlite) { database in
            await #expect(throws: DatabaseError.migration("rooms/001 is there twice")) {
                try await Migrator([Self.first, Self.first]).apply(to: database, now: Self.now)
            }
        }
    }

    @Test("servers that start at once migrate once", arguments: TestEngine.allCases)
    func concurrentStarts(engine: TestEngine) async throws {
        try await withDatabaseURL(engine) { url in
            try await withThrowingTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask {
                        let database = try DatabaseLocation(url: url).open(connections: 1)
                        do {
                            try await Migrator([Self.first, Self.second]).apply(to: database, now: Self.now)
                            await database.close()
                        } catch {
                            await database.close()
                            throw error
                        }
                    }
                }
                try await group.waitForAll()
            }
            let database = try DatabaseLocation(url: url).open()
            let rooms = try await database.read { try $0.rows("SELECT id FROM room").count }
            await database.close()
            #expect(rooms == 1)
        }
    }

    @Test("an identity column counts up", arguments: TestEngine.allCases)
    func identity(engine: TestEngine) async throws {
        let migration = Migration(id: "job") { dialect in ["CREATE TABLE job (id \(dialect.identityColumn), name TEXT)"] }
        try await withDatabase(engine, migrations: [migration]) { database in
            let ids = try await database.write { transaction in
                try ["a", "b", "c"].map { name in
                    try transaction.row("INSERT INTO job (name) VALUES (\(name)) RETURNING id")?.get("id", as: Int.self)
                }
            }
            #expect(ids == [1, 2, 3])
        }
    }
}
