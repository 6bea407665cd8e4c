import Foundation
import Synchronization

/// The time of a test: it stands still but for one millisecond a look, so that nothing happens at the same moment.
final class TestClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_770_000_000))

    /// 2026-02-02T02:40:00Z at first.
    @Sendable
    func now() -> Date {
        time.withLock { time in
            time.addTimeInterval(0.001)
            return time
        }
    }

    func advance(seconds: Double) {
        time.withLock { $0.addTimeInterval(seconds) }
    }
}
