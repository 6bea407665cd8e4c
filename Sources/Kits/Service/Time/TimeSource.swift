package import Foundation

/// Where "now" comes from; tests pass a fixed one.
package struct TimeSource: Sendable {
    package let now: @Sendable () -> Date

    package init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    package static let system = TimeSource { Date() }
}

/// Where new identifiers come from; tests pass a predictable one.
package struct IDSource: Sendable {
    package let next: @Sendable () -> String

    package init(next: @escaping @Sendable () -> String) {
        self.next = next
    }

    /// UUIDs in lower case, as Terrakube writes them.
    package static let uuid = IDSource { UUID().uuidString.lowercased() }
}
