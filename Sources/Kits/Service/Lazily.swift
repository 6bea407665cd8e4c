import Synchronization

/// A value that is made when somebody first asks for it, and kept: the server starts without waiting for it.
package final class Lazily<Value: Sendable>: Sendable {
    private let make: @Sendable () throws -> Value
    private let value = Mutex<Value?>(nil)

    package init(_ make: @escaping @Sendable () throws -> Value) {
        self.make = make
    }

    /// Who asks at the same time waits for the one that makes it.
    package func callAsFunction() throws -> Value {
        try value.withLock { value in
            if let value { return value }
            let made = try make()
            value = made
            return made
        }
    }
}
