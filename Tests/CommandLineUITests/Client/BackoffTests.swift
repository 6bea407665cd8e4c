import Testing

@testable import CommandLineUI

struct BackoffTests {
    @Test("each wait is twice the one before, up to the longest")
    func growth() {
        var backoff = Backoff(first: .milliseconds(250), longest: .seconds(1))
        let waits = (1...4).map { _ in backoff.next() }
        #expect(waits == [.milliseconds(250), .milliseconds(500), .seconds(1), .seconds(1)])
        #expect(backoff.waited == .milliseconds(2750))
    }

    @Test("a success begins anew")
    func reset() {
        var backoff = Backoff(first: .milliseconds(250), longest: .seconds(1))
        _ = backoff.next()
        backoff.reset()
        #expect(backoff.waited == .zero)
        #expect(backoff.next() == .milliseconds(250))
    }
}
