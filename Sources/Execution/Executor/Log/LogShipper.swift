import Foundation
import Synchronization
import Wire

/// Takes the output of one step to the server: masks it, cuts it into numbered chunks, and keeps at most one `append`
/// in flight. What arrives meanwhile goes together in the next one, so a quiet log lags by nothing and a busy one is
/// sent in large pieces.
///
/// Nothing is held back for a while: a byte waits only as long as it may be the beginning of a secret or of a
/// character, which the next byte tells.
final class LogShipper: Sendable {
    /// The largest chunk that `RunControl.append` takes, in bytes.
    static let chunkLimit = 65_536
    /// A program that writes faster than the server takes its output is made to wait from here on, in bytes.
    private static let backlogLimit = 4 << 20

    private let stepID: String
    private let state: Mutex<State>
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    fileprivate struct State {
        var masker: SecretMasker
        var repair = UTF8Repair()
        var pending: [UInt8] = []
        var offset = 0
        /// The server does not take anything before the step has begun, nor after the lease is gone.
        var isOpen = false
        var isDiscarding = false
        var writers: [CheckedContinuation<Void, Never>] = []
    }

    init(stepID: String, mask: SecretMask) {
        self.stepID = stepID
        state = Mutex(State(masker: SecretMasker(mask)))
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The step has begun on the server: what was written may go out.
    func open() {
        state.withLock { $0.isOpen = true }
        ring.yield()
    }

    /// Suspends while the server is too far behind.
    func write(_ bytes: some Collection<UInt8> & Sendable) async {
        let isBehind = state.withLock { state in
            state.accept(state.masker.add(bytes))
            return state.pending.count > Self.backlogLimit
        }
        ring.yield()
        guard isBehind else { return }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isBehind = state.withLock { state in
                guard state.pending.count > Self.backlogLimit else { return false }
                state.writers.append(continuation)
                return true
            }
            if !isBehind { continuation.resume() }
        }
    }

    func write(_ text: String) async {
        await write(Array(text.utf8))
    }

    /// Nothing more will be written; `ship` returns when everything is sent.
    func finish() {
        state.withLock { state in
            state.accept(state.masker.finish())
            state.pending += state.repair.finish()
        }
        ring.yield()
        ring.finish()
    }

    /// Sends until `finish`. Throws the first error of `send`, after which everything written is dropped.
    func ship(_ send: (LogChunk) async throws -> Void) async throws {
        do {
            for await _ in bell {
                try await sendPending(send)
            }
            try await sendPending(send)
        } catch {
            let writers = state.withLock { $0.discard() }
            for writer in writers { writer.resume() }
            throw error
        }
    }

    private func sendPending(_ send: (LogChunk) async throws -> Void) async throws {
        while let chunk = nextChunk() {
            try await send(chunk)
            let writers = state.withLock { state in
                state.pending.removeFirst(chunk.bytes.count)
                state.offset += chunk.bytes.count
                return state.pending.count > Self.backlogLimit ? [] : state.takeWriters()
            }
            for writer in writers { writer.resume() }
        }
    }

    private func nextChunk() -> LogChunk? {
        state.withLock { state -> LogChunk? in
            guard state.isOpen, !state.pending.isEmpty else { return nil }
            return LogChunk(stepID: stepID, offset: state.offset, bytes: Data(state.pending[..<state.chunkEnd]))
        }
    }
}

extension LogShipper.State {
    fileprivate mutating func accept(_ bytes: [UInt8]) {
        guard !isDiscarding else { return }
        pending += repair.add(bytes)
    }

    fileprivate mutating func takeWriters() -> [CheckedContinuation<Void, Never>] {
        defer { writers = [] }
        return writers
    }

    fileprivate mutating func discard() -> [CheckedContinuation<Void, Never>] {
        isDiscarding = true
        pending = []
        return takeWriters()
    }

    /// At most the limit, and not inside a character.
    fileprivate var chunkEnd: Int {
        guard pending.count > LogShipper.chunkLimit else { return pending.count }
        var end = LogShipper.chunkLimit
        while pending[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }
}
