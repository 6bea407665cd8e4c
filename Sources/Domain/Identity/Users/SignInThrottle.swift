package import Foundation
import Synchronization

/// Slows down whoever tries passwords: after a few failures, an account or an address has to wait, longer each time.
///
/// It forgets when the server starts anew, and counts for this server alone: it makes guessing slow, it is no lock.
/// An account is never shut for good, or anybody could shut out anybody.
package final class SignInThrottle: Sendable {
    /// What failures are counted for.
    package enum Subject: Sendable, Hashable {
        case account(String)
        case address(String)

        /// So many failures are free. Many people may share an address.
        var free: Int {
            switch self {
            case .account: 5
            case .address: 50
            }
        }
    }

    private struct Failures {
        var count = 0
        var last: Date
    }

    /// The longest wait, in seconds.
    private static let longestWait: TimeInterval = 300
    /// Failures are forgotten after so many seconds without one.
    private static let memory: TimeInterval = 3600
    /// No more subjects than that are remembered; the oldest go first.
    private static let capacity = 10_000

    private let failures = Mutex<[Subject: Failures]>([:])

    package init() {}

    /// Begins a try. It counts as failed until it has succeeded, so that many at once count as many.
    ///
    /// - Returns: The seconds to wait instead; nil when the try may go on.
    package func begin(_ subjects: [Subject], now: Date) -> TimeInterval? {
        failures.withLock { failures in
            let waits = subjects.compactMap { subject in failures[subject].map { Self.end(of: $0, for: subject).timeIntervalSince(now) } }
            if let wait = waits.filter({ $0 > 0 }).max() { return wait }
            for subject in subjects {
                var entry = failures[subject] ?? Failures(last: now)
                if now.timeIntervalSince(entry.last) >= Self.memory { entry.count = 0 }
                entry.count += 1
                entry.last = now
                failures[subject] = entry
            }
            Self.forget(in: &failures, now: now)
            return nil
        }
    }

    /// The try was no failure: the account begins anew, the address has one failure less.
    package func succeed(_ subjects: [Subject]) {
        failures.withLock { failures in
            for subject in subjects {
                switch subject {
                case .account: failures[subject] = nil
                case .address: failures[subject]?.count -= 1
                }
            }
        }
    }

    private static func forget(in failures: inout [Subject: Failures], now: Date) {
        guard failures.count > capacity else { return }
        failures = failures.filter { now.timeIntervalSince($0.value.last) < memory }
        let surplus = max(0, failures.count - capacity)
        for (subject, _) in failures.sorted(by: { $0.value.last < $1.value.last }).prefix(surplus) { failures[subject] = nil }
    }

    /// One second after the last failure that is free, then twice as long each time.
    private static func end(of failures: Failures, for subject: Subject) -> Date {
        guard failures.count >= subject.free else { return failures.last }
        let wait = Double(1 << min(failures.count - subject.free, 20))
        return failures.last.addingTimeInterval(min(longestWait, wait))
    }
}
