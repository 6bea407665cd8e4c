import Synchronization

/// Ends what a job does, from beside it. Fired at most once, except that a lost lease outranks the other reasons.
final class Interruption: Sendable {
    enum Reason: Error, Hashable {
        case cancelled
        case leaseLost
        case shutdown
    }

    private struct State {
        var reason: Reason?
        var listeners: [Int: AsyncStream<Reason>.Continuation] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    var reason: Reason? { state.withLock(\.reason) }

    func fire(_ reason: Reason) {
        state.withLock { state in
            if state.reason == nil || reason == .leaseLost { state.reason = reason }
            for listener in state.listeners.values { listener.yield(reason) }
        }
    }

    /// Runs `body`, and cancels it when the interruption fires.
    ///
    /// - Throws: The `Reason`, once `body` has ended; otherwise what `body` throws.
    func cancelling<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { throw try await self.wait() }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    /// Suspends until `fire`.
    private func wait() async throws -> Reason {
        let (stream, continuation) = AsyncStream.makeStream(of: Reason.self)
        let id = state.withLock { state in
            state.nextID += 1
            if let reason = state.reason { continuation.yield(reason) }
            state.listeners[state.nextID] = continuation
            return state.nextID
        }
        defer { state.withLock { _ = $0.listeners.removeValue(forKey: id) } }
        for await reason in stream { return reason }
        throw CancellationError()
    }
}
