import Testing
import Tools

@Suite("A lock per key")
struct KeyedLockTests {
    @Test("work under one key never overlaps, whatever the number of contenders")
    func exclusive() async throws {
        let lock = KeyedLock<String>()
        let inside = Shared(0)
        let most = Shared(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await lock.withLock("a") {
                        let count = inside.update { $0 += 1 }
                        most.update { $0 = max($0, count) }
                        await Task.yield()
                        inside.update { $0 -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(most.value == 1)
    }

    @Test("waiters come in the order of their arrival, and a cancelled one leaves without running")
    func cancellation() async throws {
        let lock = KeyedLock<Int>()
        let order = Shared<[String]>([])
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (entered, signalEntered) = AsyncStream.makeStream(of: Void.self)
        let holder = Task {
            try await lock.withLock(1) {
                signalEntered.yield()
                for await _ in gate { break }
            }
        }
        for await _ in entered { break }
        _ = try await lock.withLock(2) { order.update { $0.append("another key") } }
        let cancelled = Task { try await lock.withLock(1) { order.update { $0.append("cancelled") } } }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        let waiter = Task { try await lock.withLock(1) { order.update { $0.append("waiter") } } }
        open.yield()
        try await holder.value
        _ = try await waiter.value
        #expect(order.value == ["another key", "waiter"])
    }

    @Test("an error frees the lock")
    func failure() async throws {
        struct Failure: Error {}
        let lock = KeyedLock<Int>()
        await #expect(throws: Failure.self) { try await lock.withLock(1) { throw Failure() } }
        #expect(try await lock.withLock(1) { true })
    }
}
