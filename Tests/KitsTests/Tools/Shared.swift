import Synchronization

/// A value that a callback changes and a test reads.
final class Shared<Value: Sendable>: Sendable {
    private let storage: Mutex<Value>

    init(_ value: Value) {
        storage = Mutex(value)
    }

    var value: Value { storage.withLock(\.self) }

    func set(_ value: Value) {
        storage.withLock { $0 = value }
    }

    @discardableResult
    func update(_ change: @Sendable (inout Value) -> Void) -> Value {
        storage.withLock { value in
            change(&value)
            return value
        }
    }
}
