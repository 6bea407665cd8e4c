import Foundation
import Logging
import Synchronization

/// Hears what every server on the database publishes: one connection that listens, on one thread that waits for its
/// socket. It exists once somebody wants to hear.
///
/// Whenever it begins to listen, at first and after a break, it publishes `Change.everything`, because nobody knows
/// what was said before.
final class PostgresListener: Sendable {
    private enum State {
        case idle
        case running
        case stopping([CheckedContinuation<Void, Never>])
        case ended
    }

    private let url: PostgresURL
    private let fanOut: ChangeFanOut
    private let logger: Logger
    private let alarm: Alarm
    private let state = Mutex(State.idle)

    /// - Throws: `DatabaseError.unavailable` when the process has no file descriptor left.
    init(_ url: PostgresURL, fanOut: ChangeFanOut, logger: Logger) throws {
        self.url = url
        self.fanOut = fanOut
        self.logger = logger
        alarm = try Alarm()
    }

    /// Begins to listen, if it has not yet.
    func start() {
        let isFirst = state.withLock { state in
            guard case .idle = state else { return false }
            state = .running
            return true
        }
        guard isFirst else { return }
        let thread = Thread { self.run() }
        thread.name = "postgres-listen"
        thread.start()
    }

    /// Lets the thread end, without waiting for it.
    func cancel() {
        state.withLock { state in
            switch state {
            case .idle: state = .ended
            case .running: state = .stopping([])
            case .stopping, .ended: break
            }
        }
        alarm.ring()
    }

    /// Ends the thread and closes the connection.
    func stop() async {
        cancel()
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                guard case .stopping(let waiters) = state else { return true }
                state = .stopping(waiters + [continuation])
                return false
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func run() {
        var pause = Self.shortestPause
        while alarm.wait(orSocket: -1, milliseconds: 0) != .rung {
            do {
                try listen { pause = Self.shortestPause }
            } catch {
                let reason = (error as? PostgresFailure)?.message ?? "\(error)"
                logger.warning("No changes are heard from the database", metadata: ["error": "\(reason)", "retry": "\(pause) ms"])
                // The alarm is waited for during the pause, so stopping is never late.
                _ = alarm.wait(orSocket: -1, milliseconds: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
        end()
    }

    /// Returns when the alarm rings.
    ///
    /// - Throws: `DatabaseError` or `PostgresFailure` when there is no connection, or when it breaks.
    private func listen(onReady ready: () -> Void) throws {
        let connection = try PostgresConnection(url)
        try connection.command("LISTEN \(PostgresTransaction.channel)")
        ready()
        fanOut.publish(CollectionOfOne(.everything))
        repeat {
            let changes = try connection.notifications().map(Self.change)
            fanOut.publish(changes)
        } while alarm.wait(orSocket: connection.socket, milliseconds: -1) != .rung
    }

    private func end() {
        let waiters: [CheckedContinuation<Void, Never>] = state.withLock { state in
            defer { state = .ended }
            guard case .stopping(let waiters) = state else { return [] }
            return waiters
        }
        for waiter in waiters {
            waiter.resume()
        }
    }

    private static let shortestPause: Int32 = 100
    private static let longestPause: Int32 = 5_000

    /// Another version may say what this one cannot read: it is a wake-up all the same.
    private static func change(_ payload: String) -> Change {
        (try? JSONDecoder().decode(Change.self, from: Data(payload.utf8))) ?? .everything
    }
}
