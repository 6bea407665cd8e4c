package import Database
import Synchronization

/// Passes everything on and counts the statements of reading.
package struct CountingDatabase: SQLDatabase {
    let base: any SQLDatabase
    private let counter = Counter()

    package init(base: any SQLDatabase) {
        self.base = base
    }

    package var dialect: SQLDialect { base.dialect }

    /// How many statements ran since the last call.
    package func takeCount() -> Int {
        counter.count.withLock { count in
            defer { count = 0 }
            return count
        }
    }

    package func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        try await base.read { [counter] connection in
            try body(CountingConnection(base: connection, counter: counter))
        }
    }

    @discardableResult
    package func write<Result: Sendable>(_ body: @escaping @Sendable (any SQLTransaction) throws -> Result) async throws -> Result {
        try await base.write(body)
    }

    package func changes() -> AsyncStream<Change> { base.changes() }

    package func close() async { await base.close() }
}

private final class Counter: Sendable {
    let count = Mutex(0)
}

private struct CountingConnection: SQLConnection {
    let base: any SQLConnection
    let counter: Counter

    var dialect: SQLDialect { base.dialect }

    func rows(_ statement: SQL) throws -> [SQLRow] {
        counter.count.withLock { $0 += 1 }
        return try base.rows(statement)
    }

    func execute(_ statement: SQL) throws -> Int {
        counter.count.withLock { $0 += 1 }
        return try base.execute(statement)
    }
}
