import Database
import Foundation
import TestSupport
import Testing

struct SQLiteDatabaseTests {
    private static let migrations = [Migration(id: "note", ["CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT)"])]

    @Test("only the owner may read the files")
    func fileModes() async throws {
        try await withTemporaryDirectory { directory in
            let database = try SQLiteDatabase(path: directory.appending(path: "test.db").path)
            try await Migrator(Self.migrations).apply(to: database, now: Date(timeIntervalSince1970: 0))
            let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            #expect(files.sorted() == ["test.db", "test.db-shm", "test.db-wal"])
            for file in files {
                let attributes = try FileManager.default.attributesOfItem(atPath: directory.appending(path: file).path)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
            }
            await database.close()
        }
    }

    /// The copy is what the disk would hold if the process had been killed at that moment.
    @Test("what was acknowledged is on disk, closed or not")
    func durability() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "test.db").path
            let database = try SQLiteDatabase(path: path)
            try await Migrator(Self.migrations).apply(to: database, now: Date(timeIntervalSince1970: 0))
            for id in 1...20 {
                try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (\(id), \("note"))") }
            }
            let copy = directory.appending(path: "copy.db").path
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
            }
            await database.close()
            for path in [copy, path] {
                let reopened = try SQLiteDatabase(path: path)
                #expect(try await reopened.read { try $0.rows("SELECT id FROM note").count } == 20)
                await reopened.close()
            }
        }
    }

    @Test("every commit is flushed, and foreign keys are checked")
    func settings() async throws {
        try await withDatabase(.sqlite) { database in
            let settings = try await database.write { transaction in
                try ["synchronous", "foreign_keys", "journal_mode"].map { name in
                    try transaction.row("SELECT * FROM \(identifier: "pragma_\(name)")")?.values.first
                }
            }
            // 2 is FULL.
            #expect(settings == [.integer(2), .integer(1), .text("wal")])
        }
    }

    @Test("a folder that is not there is named")
    func missingFolder() {
        let error = #expect(throws: DatabaseError.self) { try SQLiteDatabase(path: "/nowhere/at/all.db") }
        #expect(error == .unavailable("cannot open /nowhere/at/all.db: No such file or directory"))
    }

    @Test("a file that is no database is refused and left alone")
    func foreignFile() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "letter.txt")
            let content = Data(repeating: 65, count: 5000)
            try content.write(to: file)
            #expect(throws: DatabaseError.self) { try SQLiteDatabase(path: file.path) }
            #expect(try Data(contentsOf: file) == content)
        }
    }
}
