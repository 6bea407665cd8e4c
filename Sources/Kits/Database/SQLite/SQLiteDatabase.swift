import Foundation
import GRDB

/// A database in one file, for a server on one machine. GRDB is the driver and nothing more: it owns the connections
/// (one writer, several readers, write-ahead log) and caches statements.
///
/// An acknowledged commit survives `kill -9` and a power cut: `synchronous` is `FULL`, which costs one `fsync` per
/// commit (about 0.2 ms more than `NORMAL` on the build machine).
package final class SQLiteDatabase: SQLDatabase {
    package let dialect = SQLDialect.sqlite
    private let pool: DatabasePool
    private let fanOut = ChangeFanOut()

    /// Opens the file at `path`, and creates it with mode 0600 when it is not there; its folder must be. SQLite gives
    /// the same mode to the log files beside it.
    ///
    /// - Throws: `DatabaseError.unavailable`.
    package init(path: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        // Another process (`terrakube token create`) may hold the write lock for a moment.
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = max(4, ProcessInfo.processInfo.activeProcessorCount)
        do {
            try Self.createPrivateFile(at: path)
            pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL when it opens the writer, so this comes after.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch let error as GRDB.DatabaseError {
            throw DatabaseError.unavailable("cannot open \(path): \(error.message ?? error.resultCode.description)")
        }
    }

    package func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        do {
            return try await pool.read { try body(SQLiteTransaction($0)) }
        } catch let error as GRDB.DatabaseError {
            throw DatabaseError.from(error)
        }
    }

    @discardableResult
    package func write<Result: Sendable>(_ body: @escaping @Sendable (any SQLTransaction) throws -> Result) async throws -> Result {
        do {
            return try await pool.writeWithoutTransaction { [fanOut] database in
                let transaction = SQLiteTransaction(database)
                let result = try transaction.commit { try body(transaction) }
                // Still on the writer's queue: readers hear of commits in their order.
                fanOut.publish(transaction.changes)
                return result
            }
        } catch let error as GRDB.DatabaseError {
            throw DatabaseError.from(error)
        }
    }

    package func changes() -> AsyncStream<Change> {
        fanOut.stream()
    }

    package func close() async {
        await withCheckedContinuation { continuation in
            // Waits for the statements that run, so it does not belong on a thread of Swift's own pool.
            DispatchQueue.global().async { [pool] in
                // A close that fails leaves the connections to deinit; no commit depends on it.
                try? pool.close()
                continuation.resume()
            }
        }
        fanOut.finish()
    }

    /// SQLite would create the file with the mode that the umask leaves.
    private static func createPrivateFile(at path: String) throws {
        let descriptor = Foundation.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DatabaseError.unavailable("cannot open \(path): \(String(cString: strerror(errno)))")
        }
        Foundation.close(descriptor)
    }
}
