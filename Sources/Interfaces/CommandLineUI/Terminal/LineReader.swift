import Dispatch
import Synchronization

/// Reads one line from standard input without holding up anything else.
///
/// A thread that waits for the keyboard can't be called back. When the task is cancelled it is left behind, and what it
/// may still read is lost: fit for a question, not for input.
final class LineReader: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<String?, any Error>)
        case finished
    }

    private let state = Mutex(State.idle)

    /// - Returns: The line without its end; nil at the end of the input.
    /// - Throws: `CancellationError`.
    static func line() async throws -> String? {
        let reader = LineReader()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { reader.begin($0) }
        } onCancel: {
            reader.finish(.failure(CancellationError()))
        }
    }

    private func begin(_ continuation: CheckedContinuation<String?, any Error>) {
        let isCancelled = state.withLock { state in
            if case .finished = state { return true }
            state = .waiting(continuation)
            return false
        }
        if isCancelled { return continuation.resume(throwing: CancellationError()) }
        DispatchQueue.global().async { self.finish(.success(readLine())) }
    }

    private func finish(_ result: Result<String?, any Error>) {
        let waiting: CheckedContinuation<String?, any Error>? = state.withLock { state in
            defer { state = .finished }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        waiting?.resume(with: result)
    }
}
