import NIOPosix
import Synchronization

/// As many threads as connections: libpq blocks, and the queue of the threads is the queue for connections. A task that
/// is cancelled while it waits for its turn does nothing when it comes.
final class PostgresPool: Sendable {
    private let url: PostgresURL
    private let threads: NIOThreadPool
    /// Connections that nobody uses. A thread takes one or opens one, so there are never more than threads.
    private let idle = Mutex<[PostgresConnection]>([])

    init(_ url: PostgresURL, connections: Int) {
        self.url = url
        threads = NIOThreadPool(numberOfThreads: max(1, connections))
        threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    /// Runs `body` on a thread of its own.
    ///
    /// - Throws: What `body` throws; `CancellationError`; `DatabaseError.unavailable` once the pool is closed.
    func run<Result: Sendable>(_ body: @escaping @Sendable (CancellationFlag) throws -> Result) async throws -> Result {
        let cancellation = CancellationFlag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                threads.submit { state in
                    guard case .active = state else {
                        continuation.resume(throwing: DatabaseError.unavailable("the database is closed"))
                        return
                    }
                    continuation.resume(
                        with: Swift.Result {
                            try cancellation.check()
                            return try body(cancellation)
                        }
                    )
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }

    /// A connection on which the command `begin` has run. One that broke while it was idle is replaced: nothing has
    /// been sent on it yet.
    ///
    /// - Throws: `DatabaseError`.
    func connection(after begin: String) throws -> PostgresConnection {
        do {
            if let known = idle.withLock({ $0.popLast() }) {
                do {
                    try known.command(begin)
                    return known
                } catch  where known.isBroken {
                    // Falls through to a new connection.
                }
            }
            let fresh = try PostgresConnection(url)
            try fresh.command(begin)
            return fresh
        } catch let failure as PostgresFailure {
            throw failure.databaseError
        }
    }

    /// Takes a connection back. One that is broken or still inside a transaction is closed.
    func giveBack(_ connection: PostgresConnection) {
        guard connection.isIdle else { return }
        idle.withLock { $0.append(connection) }
    }

    /// Waits for what runs, refuses what waits, and closes the connections.
    func close() async {
        await withCheckedContinuation { continuation in
            threads.shutdownGracefully { _ in continuation.resume() }
        }
        idle.withLock { $0 = [] }
    }
}
