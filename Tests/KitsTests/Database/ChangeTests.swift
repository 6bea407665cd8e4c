import TestSupport
import Testing

@testable import Database

@Suite(.timeLimit(.minutes(1)))
struct ChangeTests {
    private struct Refusal: Error {}

    private static let migrations = [Migration(id: "job", ["CREATE TABLE job (id BIGINT PRIMARY KEY)"])]

    /// Streams that certainly hear what is published from now on.
    private static func readers(_ count: Int, of database: any SQLDatabase) async -> [AsyncStream<Change>] {
        let streams = (0..<count).map { _ in database.changes() }
        if database.dialect == .postgres {
            // The server has been asked to listen when the first stream was made; it says so when it does.
            var first = streams[0].makeAsyncIterator()
            #expect(await first.next() == .everything)
        }
        return streams
    }

    private static func next(_ count: Int, from stream: AsyncStream<Change>) async -> [Change] {
        var changes: [Change] = []
        for await change in stream where change != .everything {
            changes.append(change)
            if changes.count == count { break }
        }
        return changes
    }

    @Test("every reader hears every committed change, in order", arguments: TestEngine.allCases)
    func severalReaders(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let readers = await Self.readers(3, of: database)
            let changes = (1...20).map { Change(topic: "job", key: "\($0)", detail: "détail \"\($0)\"") }
            for change in changes {
                try await database.write { try $0.notify(change) }
            }
            for reader in readers {
                #expect(await Self.next(changes.count, from: reader) == changes)
            }
        }
    }

    @Test("what is heard can be read", arguments: TestEngine.allCases)
    func committedFirst(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let reader = await Self.readers(1, of: database)[0]
            async let found = {
                let key = await Self.next(1, from: reader).first?.key
                return try await database.read { try $0.row("SELECT id FROM job WHERE id = \(Int(key ?? "") ?? 0)") != nil }
            }()
            try await database.write { transaction in
                try transaction.notify(Change(topic: "job", key: "42"))
                try transaction.execute("INSERT INTO job (id) VALUES (42)")
            }
            #expect(try await found)
        }
    }

    @Test("a transaction that is rolled back says nothing", arguments: TestEngine.allCases)
    func rollback(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            let reader = await Self.readers(1, of: database)[0]
            await #expect(throws: Refusal.self) {
                try await database.write { transaction in
                    try transaction.notify(Change(topic: "job", key: "lost"))
                    throw Refusal()
                }
            }
            try await database.write { try $0.notify(Change(topic: "job", key: "kept")) }
            #expect(await Self.next(1, from: reader).map(\.key) == ["kept"])
        }
    }

    @Test("a change that is too long fails its transaction", arguments: TestEngine.allCases)
    func tooLong(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            await #expect(throws: DatabaseError.self) {
                try await database.write { try $0.notify(Change(topic: "job", key: String(repeating: "x", count: 1000))) }
            }
            // Each of these characters takes six bytes of JSON.
            try await database.write { try $0.notify(Change(topic: "job", key: String(repeating: "\u{1}", count: 997))) }
        }
    }

    @Test("closing ends the streams", arguments: TestEngine.allCases)
    func close(engine: TestEngine) async throws {
        try await withDatabase(engine) { database in
            let streams = [database.changes(), database.changes()]
            await database.close()
            for stream in streams + [database.changes()] {
                #expect(await Self.next(1, from: stream) == [])
            }
        }
    }

    @Test("a reader that stops is forgotten, and the others go on")
    func stoppedReader() async {
        let fanOut = ChangeFanOut()
        let reader = fanOut.stream()
        do {
            _ = fanOut.stream()
        }
        #expect(fanOut.readerCount == 1)
        fanOut.publish([Change(topic: "job", key: "1")])
        #expect(await Self.next(1, from: reader).map(\.key) == ["1"])
    }
}
