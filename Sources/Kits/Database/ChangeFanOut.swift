import Synchronization

/// Hands every published change to every reader in this process. A reader that is slow keeps its changes in memory;
/// one that has stopped is forgotten.
final class ChangeFanOut: Sendable {
    private struct State {
        var nextReader = 0
        var readers: [Int: AsyncStream<Change>.Continuation] = [:]
        var isFinished = false
    }

    private let state = Mutex(State())

    func stream() -> AsyncStream<Change> {
        let (stream, continuation) = AsyncStream.makeStream(of: Change.self, bufferingPolicy: .unbounded)
        let reader: Int? = state.withLock { state in
            guard !state.isFinished else { return nil }
            state.nextReader += 1
            state.readers[state.nextReader] = continuation
            return state.nextReader
        }
        guard let reader else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.readers.removeValue(forKey: reader) }
        }
        return stream
    }

    func publish(_ changes: some Sequence<Change>) {
        let readers = state.withLock { Array($0.readers.values) }
        for change in changes {
            for reader in readers {
                reader.yield(change)
            }
        }
    }

    /// Ends every stream, and those that are asked for later.
    func finish() {
        // Finishing a stream calls `onTermination`, which takes the lock: never inside of it.
        let readers = state.withLock { state in
            state.isFinished = true
            defer { state.readers = [:] }
            return Array(state.readers.values)
        }
        for reader in readers {
            reader.finish()
        }
    }

    /// How many readers there are, for tests.
    var readerCount: Int {
        state.withLock { $0.readers.count }
    }
}
