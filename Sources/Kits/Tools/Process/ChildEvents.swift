import Dispatch
import Foundation
import Glibc
import Synchronization
import SystemPackage

/// What happens to a child, one event at a time: output that came, and its exit.
///
/// swift-subprocess could read the output too, but it stops at the moment the child exits or the task is cancelled. A
/// script that ends in `exec > >(tee log)` would lose its last lines, and a Terraform that is told to stop would die
/// of SIGPIPE while it saves its state. This one reads on until the last writer is gone.
///
/// It waits in poll(2) on a queue of its own, never on a thread of the cooperative pool. Dispatch sources would need
/// no thread, but on Linux one that is cancelled while its event is under way crashes libdispatch.
final class ChildEvents: Sendable {
    enum Event {
        case output(Data)
        case errors(Data)
        /// The child has exited but others hold its output open. What comes after this is only what is there already.
        case lingering
    }

    /// How much is read at once: what a pipe holds.
    static let chunkSize = 65_536
    /// How long others may hold the output open after the exit: enough for a `tee` to write its last lines, too little
    /// to be noticed.
    private static let linger: Duration = .milliseconds(300)
    /// How much is read after `lingering`: a process that fled the group and floods the pipe ends no run late.
    private static let lastBytes = 16 * chunkSize

    private let queue = DispatchQueue(label: "terrakube.child")
    private let process: CInt
    private let state: Mutex<State>

    private struct State {
        var output: FileDescriptor?
        var errors: FileDescriptor?
        var exited: ContinuousClock.Instant?
        var remaining: Int?
    }

    /// - Parameters:
    ///   - output: The reading end, owned from here on; so is `errors`.
    ///   - process: A pidfd, which becomes readable when the child exits (pidfd_open(2)).
    init(output: FileDescriptor, errors: FileDescriptor?, process: CInt) {
        self.process = process
        state = Mutex(State(output: output, errors: errors))
    }

    deinit {
        state.withLock { state in
            try? state.output?.close()
            try? state.errors?.close()
        }
    }

    /// The next event, or nil once the child has exited and its output has been read. One caller at a time.
    func next() async throws -> Event? {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try self.state.withLock { try self.wait(&$0) } })
            }
        }
    }

    private func wait(_ state: inout State) throws -> Event? {
        while state.exited == nil || state.output != nil || state.errors != nil {
            let isDraining = state.remaining != nil
            var entries = [
                pollfd(fd: state.exited == nil ? process : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: state.output?.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: state.errors?.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&entries, nfds_t(entries.count), timeout(state))
            if count < 0 {
                guard errno == EINTR else { throw ToolError.couldNotStart("cannot watch a program: \(Errno(rawValue: errno))") }
                continue
            }
            if entries[0].revents != 0 { state.exited = .now }
            if !isDraining, let exited = state.exited, exited.duration(to: .now) >= Self.linger {
                state.remaining = Self.lastBytes
                return .lingering
            }
            if entries[1].revents != 0, let chunk = try read(\.output, &state) { return .output(chunk) }
            if entries[2].revents != 0, let chunk = try read(\.errors, &state) { return .errors(chunk) }
            if isDraining, count == 0 { return nil }
        }
        return nil
    }

    /// In milliseconds; -1 waits for ever.
    private func timeout(_ state: State) -> CInt {
        if state.remaining != nil { return 0 }
        guard let exited = state.exited else { return -1 }
        let left = Self.linger - exited.duration(to: .now)
        return CInt(max(0, left / .milliseconds(1)).rounded(.up))
    }

    private func read(_ end: WritableKeyPath<State, FileDescriptor?>, _ state: inout State) throws -> Data? {
        guard let descriptor = state[keyPath: end] else { return nil }
        let chunk = try withUnsafeTemporaryAllocation(byteCount: Self.chunkSize, alignment: 16) { buffer in
            let count = try descriptor.read(into: buffer)
            return count > 0 ? Data(buffer[..<count]) : nil
        }
        if let remaining = state.remaining { state.remaining = remaining - (chunk?.count ?? 0) }
        if chunk == nil || state.remaining ?? 1 <= 0 {
            state[keyPath: end] = nil
            try descriptor.close()
        }
        return chunk
    }
}
