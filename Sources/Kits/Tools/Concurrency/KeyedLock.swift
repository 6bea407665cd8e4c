import Synchronization

/// A lock per key for work that suspends, first come, first served. A waiter that is cancelled leaves the queue.
///
/// Besides git mirrors and downloads, Terraform's plugin cache needs one: `TF_PLUGIN_CACHE_DIR` is not safe for two
/// `init` at once (<https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache>).
package final class KeyedLock<Key: Hashable & Sendable>: Sendable {
    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        /// Who waits for each key that is held. A key that nobody holds is not in it.
        var queues: [Key: [Waiter]] = [:]
        var lastID = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Runs `body` while no other caller runs one with the same key.
    ///
    /// - Throws: `CancellationError` when cancelled while waiting, without having run `body`; else what `body` throws.
    package func withLock<Result>(_ key: Key, _ body: () async throws -> Result) async throws -> Result {
        try await acquire(key)
        defer { release(key) }
        return try await body()
    }

    private func acquire(_ key: Key) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome: Swift.Result<Void, any Error>? = state.withLock { state in
                    // The cancellation handler either sees the waiter, or has run before and is seen here.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.queues[key] != nil else {
                        state.queues[key] = []
                        return .success(())
                    }
                    state.queues[key]?.append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.queues[key]?.firstIndex(where: { $0.id == id }) else { return nil }
                return state.queues[key]?.remove(at: index)
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    private func release(_ key: Key) {
        let next = state.withLock { state -> Waiter? in
            guard let queue = state.queues[key], !queue.isEmpty else {
                state.queues[key] = nil
                return nil
            }
            return state.queues[key]?.removeFirst()
        }
        next?.continuation.resume()
    }
}
