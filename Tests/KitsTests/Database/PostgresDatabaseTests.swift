import Database
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PostgresDatabaseTests {
    /// Ends every other session of the database, as a restart of the server would.
    private static let endOthers: SQL = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        """

    private static func exists(_ table: String, in database: PostgresDatabase) async throws -> Bool {
        try await database.read { try $0.row("SELECT 1 AS found WHERE to_regclass(\(table)) IS NOT NULL") != nil }
    }

    private static func withTwo(_ body: (PostgresDatabase, PostgresDatabase) async throws -> Void) async throws {
        try await withDatabaseURL(.postgres) { url in
            let one = try PostgresDatabase(url: url, connections: 2)
            let other = try PostgresDatabase(url: url, connections: 1)
            do {
                try await body(one, other)
            } catch {
                Issue.record(error)
            }
            await one.close()
            await other.close()
        }
    }

    @Test("changes reach the other servers")
    func acrossServers() async throws {
        try await Self.withTwo { one, other in
            var heard = one.changes().makeAsyncIterator()
            #expect(await heard.next() == .everything)
            try await other.write { try $0.notify(Change(topic: "job", key: "7", detail: "queued")) }
            #expect(await heard.next() == Change(topic: "job", key: "7", detail: "queued"))
        }
    }

    @Test("a listener that lost its connection comes back and says that it may have missed something")
    func listenerReconnects() async throws {
        try await Self.withTwo { one, other in
            var heard = one.changes().makeAsyncIterator()
            #expect(await heard.next() == .everything)
            try await other.write { try $0.execute(Self.endOthers) }
            #expect(await heard.next() == .everything)
            try await other.write { try $0.notify(Change(topic: "job", key: "8")) }
            #expect(await heard.next() == Change(topic: "job", key: "8"))
        }
    }

    @Test("a connection that broke while it was idle is replaced without anyone noticing")
    func idleConnectionBreaks() async throws {
        try await Self.withTwo { one, other in
            for _ in 0..<3 {
                #expect(try await one.read { try $0.row("SELECT 1 AS n")?.get("n", as: Int.self) } == 1)
                try await other.write { try $0.execute(Self.endOthers) }
                try await one.write { try $0.execute("CREATE TABLE IF NOT EXISTS note (id BIGINT)") }
                try await other.write { try $0.execute(Self.endOthers) }
            }
        }
    }

    @Test("a connection that breaks in the middle fails the transaction, and the next one works")
    func activeConnectionBreaks() async throws {
        try await Self.withTwo { one, other in
            let error = await #expect(throws: DatabaseError.self) {
                try await one.write { transaction in
                    try transaction.execute("CREATE TABLE note (id BIGINT)")
                    try transaction.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                    try transaction.execute("INSERT INTO note VALUES (1)")
                }
            }
            #expect(error?.isUnavailable == true, "\(String(describing: error))")
            let exists = try await Self.exists("note", in: one)
            #expect(!exists)
        }
    }

    @Test("two transactions that each rely on what the other changes do not both commit")
    func writeSkew() async throws {
        try await Self.withTwo { one, other in
            try await one.write { transaction in
                try transaction.execute("CREATE TABLE person (id BIGINT PRIMARY KEY, on_call BOOLEAN)")
                try transaction.execute("INSERT INTO person VALUES (1, TRUE), (2, TRUE)")
            }
            let rota = Rota()
            async let first: Void = one.write { try rota.leave(1, $0) }
            async let second: Void = other.write { try rota.leave(2, $0) }
            _ = try await (first, second)
            let onCall = try await one.read { try $0.rows("SELECT id FROM person WHERE on_call").count }
            #expect(onCall == 1)
            #expect(rota.runs.withLock { $0 } == 3)
        }
    }

    @Test("a schema that changes under a prepared statement is met with a new one")
    func stalePlan() async throws {
        try await Self.withTwo { one, other in
            try await other.write { try $0.execute("CREATE TABLE note (id BIGINT)") }
            for columns in 1...3 {
                #expect(try await one.write { try $0.rows("INSERT INTO note (id) VALUES (1) RETURNING *").first?.values.count } == columns)
                try await other.write { try $0.execute("ALTER TABLE note ADD COLUMN \(identifier: "c\(columns)") TEXT") }
            }
        }
    }

    @Test("values that do not fit their column are constraint violations")
    func unfitValues() async throws {
        try await Self.withTwo { one, _ in
            try await one.write { try $0.execute("CREATE TABLE note (code VARCHAR(3), small SMALLINT)") }
            for statement in [
                "INSERT INTO note (code) VALUES (\("four"))", "INSERT INTO note (small) VALUES (\(70_000))",
                "INSERT INTO note (small) VALUES ('x')",
            ] as [SQL] {
                let error = await #expect(throws: DatabaseError.self) { try await one.write { try $0.execute(statement) } }
                #expect(error?.isConstraintViolation == true, "\(String(describing: error))")
            }
        }
    }

    @Test("more work than connections waits for its turn, and gives up when its task is cancelled")
    func pool() async throws {
        try await Self.withTwo { one, other in
            let sum = try await withThrowingTaskGroup { group in
                for number in 1...200 {
                    group.addTask { try await one.read { try $0.row("SELECT \(number) AS n")?.get("n", as: Int.self) ?? 0 } }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 20_100)
            let sessions = try await one.read { connection in
                try connection.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").count
            }
            #expect(sessions <= 2)

            let mayGoOn = DispatchSemaphore(value: 0)
            async let occupation: Void = other.read { _ in mayGoOn.wait() }
            let waiting = Task { try await other.write { try $0.execute("CREATE TABLE never (id BIGINT)") } }
            waiting.cancel()
            mayGoOn.signal()
            try await occupation
            await #expect(throws: CancellationError.self) { try await waiting.value }
            let exists = try await Self.exists("never", in: other)
            #expect(!exists)
        }
    }

    @Test("a server that is not there is unavailable, and the password is not in the error")
    func noServer() async throws {
        let database = try PostgresDatabase(url: "postgres://ann:s3cret@127.0.0.1:1/terrakube")
        let error = await #expect(throws: DatabaseError.self) { try await database.read { try $0.rows("SELECT 1") } }
        #expect(error?.isUnavailable == true)
        #expect("\(String(describing: error))".contains("s3cret") == false)
        await database.close()
    }

    @Test("a wrong database name is reported without the password")
    func wrongName() async throws {
        try await withDatabaseURL(.postgres) { url in
            var components = try #require(URLComponents(string: url))
            components.path = "/nowhere"
            components.password = "s3cret"
            let database = try PostgresDatabase(url: try #require(components.string))
            let error = await #expect(throws: DatabaseError.self) { try await database.read { try $0.rows("SELECT 1") } }
            guard case .unavailable(let message) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(message.contains(#"database "nowhere" does not exist"#))
            #expect(!message.contains("s3cret"))
            await database.close()
        }
    }
}

/// Two people who may leave when the other one stays. Both look before either leaves.
private final class Rota: Sendable {
    let runs = Mutex(0)
    private let hasLooked = [1: DispatchSemaphore(value: 0), 2: DispatchSemaphore(value: 0)]

    func leave(_ person: Int, _ transaction: any SQLTransaction) throws {
        let run = runs.withLock { runs in
            runs += 1
            return runs
        }
        let others = try transaction.rows("SELECT id FROM person WHERE on_call AND id <> \(person)").count
        if run <= 2 {
            hasLooked[person]?.signal()
            hasLooked[3 - person]?.wait()
        }
        if others > 0 {
            try transaction.execute("UPDATE person SET on_call = FALSE WHERE id = \(person)")
        }
    }
}
