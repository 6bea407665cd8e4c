import Database
import Foundation
import TestSupport
import Testing

struct TransactionTests {
    private struct Refusal: Error, Equatable {}

    private static let migrations = [
        Migration(
            id: "job",
            [
                "CREATE TABLE queue (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, size BIGINT CHECK (size >= 0))",
                """
                CREATE TABLE job (id BIGINT PRIMARY KEY, queue_id BIGINT NOT NULL REFERENCES queue (id), owner TEXT)
                """,
                "INSERT INTO queue (id, name, size) VALUES (1, 'first', 0)",
            ]
        )
    ]

    @Test("a transaction that throws leaves nothing", arguments: TestEngine.allCases)
    func rollback(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            await #expect(throws: Refusal()) {
                try await database.write { transaction in
                    try transaction.execute("INSERT INTO job (id, queue_id) VALUES (1, 1)")
                    try transaction.execute("UPDATE queue SET size = 7")
                    throw Refusal()
                }
            }
            let (jobs, size) = try await database.read { connection in
                try (connection.rows("SELECT id FROM job").count, connection.row("SELECT size FROM queue")?.get("size", as: Int.self))
            }
            #expect(jobs == 0)
            #expect(size == 0)
        }
    }

    @Test("a failed statement ends the transaction even when its error is caught", arguments: TestEngine.allCases)
    func failureIsFinal(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            await #expect(throws: DatabaseError.self) {
                try await database.write { transaction in
                    try transaction.execute("INSERT INTO job (id, queue_id) VALUES (1, 1)")
                    _ = try? transaction.execute("INSERT INTO nowhere VALUES (1)")
                }
            }
            let jobs = try await database.read { try $0.rows("SELECT id FROM job").count }
            #expect(jobs == 0)
        }
    }

    @Test("an error of the database can be thrown as another one", arguments: TestEngine.allCases)
    func errorIsTranslated(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            await #expect(throws: Refusal()) {
                try await database.write { transaction in
                    do {
                        try transaction.execute("INSERT INTO queue (id, name) VALUES (2, 'first')")
                    } catch DatabaseError.uniqueViolation {
                        throw Refusal()
                    }
                }
            }
        }
    }

    @Test("each broken rule has its error", arguments: TestEngine.allCases)
    func constraints(engine: TestEngine) async throws {
        func failure(_ database: any SQLDatabase, _ statement: SQL) async -> DatabaseError? {
            await #expect(throws: DatabaseError.self) { try await database.write { try $0.execute(statement) } }
        }
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let uniqueName = engine == .sqlite ? "queue.name" : "queue_name_key"
            let uniqueKey = engine == .sqlite ? "queue.id" : "queue_pkey"
            #expect(await failure(database, "INSERT INTO queue (id, name) VALUES (2, 'first')") == .uniqueViolation(constraint: uniqueName))
            #expect(await failure(database, "INSERT INTO queue (id, name) VALUES (1, 'other')") == .uniqueViolation(constraint: uniqueKey))
            for (statement, isExpected) in [
                ("INSERT INTO job (id, queue_id) VALUES (1, 99)", \DatabaseError.isForeignKeyViolation),
                ("INSERT INTO queue (id) VALUES (3)", \.isConstraintViolation),
                ("INSERT INTO queue (id, name, size) VALUES (3, 'x', -1)", \.isConstraintViolation),
                ("INSERT INTO nowhere VALUES (1)", \.isStatement),
                ("SELEC 1", \.isStatement),
            ] as [(SQL, KeyPath<DatabaseError, Bool>)] {
                let error = await failure(database, statement)
                #expect(error?[keyPath: isExpected] == true, "\(statement): \(String(describing: error))")
            }
            try await database.write { try $0.execute("INSERT INTO job (id, queue_id) VALUES (1, 1)") }
            #expect(await failure(database, "DELETE FROM queue")?.isForeignKeyViolation == true)
        }
    }

    @Test("a statement tells how many rows it changed", arguments: TestEngine.allCases)
    func changedRows(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let counts = try await database.write { transaction in
                try [
                    transaction.execute("INSERT INTO job (id, queue_id) VALUES (1, 1), (2, 1), (3, 1)"),
                    transaction.execute("CREATE TABLE other (id BIGINT)"),
                    transaction.execute("UPDATE job SET owner = 'a' WHERE id > 1"),
                    transaction.execute("UPDATE job SET owner = 'b' WHERE id > 5"),
                    transaction.execute("SELECT id FROM job"),
                    transaction.execute("DELETE FROM job WHERE id = 1 RETURNING id"),
                ]
            }
            #expect(counts == [3, 0, 2, 0, 0, 1])
        }
    }

    @Test("a read cannot write", arguments: TestEngine.allCases)
    func readOnly(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.rows("UPDATE queue SET size = 1 RETURNING id") }
            }
            let size = try await database.read { try $0.row("SELECT size FROM queue")?.get("size", as: Int.self) }
            #expect(size == 0)
        }
    }

    @Test("concurrent increments are never lost", arguments: TestEngine.allCases)
    func increments(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            try await withThrowingTaskGroup { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await database.write { transaction in
                            let size = try transaction.row("SELECT size FROM queue WHERE id = 1")?.get("size", as: Int.self) ?? 0
                            try transaction.execute("UPDATE queue SET size = \(size + 1) WHERE id = 1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let size = try await database.read { try $0.row("SELECT size FROM queue")?.get("size", as: Int.self) }
            #expect(size == 50)
        }
    }

    /// Both rules look at rows that the other transaction writes; only serializable transactions keep the sum right.
    @Test("two transactions cannot each rely on what the other changes", arguments: TestEngine.allCases)
    func writeSkew(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            try await database.write { transaction in
                for id in 10..<30 {
                    try transaction.execute("INSERT INTO queue (id, name, size) VALUES (\(id), \("on call \(id)"), 1)")
                }
            }
            try await withThrowingTaskGroup { group in
                for id in 10..<30 {
                    group.addTask {
                        // Whoever is not the last one on call may leave.
                        try await database.write { transaction in
                            let others = try transaction.rows("SELECT id FROM queue WHERE size = 1 AND id <> \(id)").count
                            if others > 0 {
                                try transaction.execute("UPDATE queue SET size = 0 WHERE id = \(id)")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let onCall = try await database.read { try $0.rows("SELECT id FROM queue WHERE size = 1").count }
            #expect(onCall == 1)
        }
    }

    @Test("64 claimers take each job exactly once", arguments: TestEngine.allCases)
    func claims(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let jobs = 100
            try await database.write { transaction in
                for id in 1...jobs {
                    try transaction.execute("INSERT INTO job (id, queue_id) VALUES (\(id), 1)")
                }
            }
            let claimed = try await withThrowingTaskGroup(of: [Int].self) { group in
                for claimer in 0..<64 {
                    group.addTask {
                        var mine: [Int] = []
                        while let job = try await Self.claim(from: database, for: "claimer \(claimer)") {
                            mine.append(job)
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.sorted() == Array(1...jobs))
        }
    }

    private static func claim(from database: any SQLDatabase, for owner: String) async throws -> Int? {
        try await database.write { transaction in
            try transaction.row(
                """
                UPDATE job SET owner = \(owner)
                WHERE id = (SELECT id FROM job WHERE owner IS NULL ORDER BY id LIMIT 1) AND owner IS NULL RETURNING id
                """
            )?.get("id")
        }
    }

    @Test("a read sees one moment, whatever is committed meanwhile", arguments: TestEngine.allCases)
    func snapshot(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let (hasRead, hasReadContinuation) = AsyncStream.makeStream(of: Void.self)
            let mayGoOn = DispatchSemaphore(value: 0)
            async let sizes = database.read { connection in
                let before = try connection.row("SELECT size FROM queue")?.get("size", as: Int.self)
                hasReadContinuation.finish()
                mayGoOn.wait()
                return try [before, connection.row("SELECT size FROM queue")?.get("size", as: Int.self)]
            }
            for await _ in hasRead {}
            try await database.write { try $0.execute("UPDATE queue SET size = 9") }
            mayGoOn.signal()
            #expect(try await sizes == [0, 0])
        }
    }

    @Test("a cancelled task commits nothing", arguments: TestEngine.allCases)
    func cancellation(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let mayGoOn = DispatchSemaphore(value: 0)
            let (hasWritten, hasWrittenContinuation) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await database.write { transaction in
                    try transaction.execute("UPDATE queue SET size = 9")
                    hasWrittenContinuation.finish()
                    mayGoOn.wait()
                    try transaction.execute("UPDATE queue SET size = 10")
                }
            }
            for await _ in hasWritten {}
            task.cancel()
            mayGoOn.signal()
            await #expect(throws: CancellationError.self) { try await task.value }
            let size = try await database.read { try $0.row("SELECT size FROM queue")?.get("size", as: Int.self) }
            #expect(size == 0)
        }
    }

    @Test("a closed database refuses work", arguments: TestEngine.allCases)
    func closed(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            await database.close()
            let error = await #expect(throws: DatabaseError.self) { try await database.read { try $0.rows("SELECT 1") } }
            #expect(error?.isUnavailable == true)
        }
    }
}

extension DatabaseError {
    var isForeignKeyViolation: Bool { if case .foreignKeyViolation = self { true } else { false } }
    var isConstraintViolation: Bool { if case .constraintViolation = self { true } else { false } }
    var isStatement: Bool { if case .statement = self { true } else { false } }
    var isUnavailable: Bool { if case .unavailable = self { true } else { false } }
}
