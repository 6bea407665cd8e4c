import Foundation
import Testing

@testable import Identity

struct SignInThrottleTests {
    private let start = Date(timeIntervalSince1970: 1_770_000_000)
    private let anna = [SignInThrottle.Subject.account("anna"), .address("192.0.2.1")]

    @Test("five failures are free; then the wait doubles, up to five minutes")
    func waits() {
        let throttle = SignInThrottle()
        for _ in 0..<5 { #expect(throttle.begin(anna, now: start) == nil) }
        var now = start
        for wait in [1.0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            #expect(throttle.begin(anna, now: now) == wait)
            now += wait
            #expect(throttle.begin(anna, now: now) == nil)
        }
    }

    @Test("an account's failures are nobody else's, and end with success or after an hour")
    func scope() {
        let throttle = SignInThrottle()
        for _ in 0..<5 { _ = throttle.begin(anna, now: start) }
        #expect(throttle.begin([.account("bert"), .address("192.0.2.2")], now: start) == nil)
        #expect(throttle.begin([.account("anna"), .address("192.0.2.2")], now: start) == 1)
        throttle.succeed(anna)
        #expect(throttle.begin(anna, now: start) == nil)
        for _ in 0..<4 { _ = throttle.begin([.account("old")], now: start) }
        for _ in 0..<5 { #expect(throttle.begin([.account("old")], now: start + 3600) == nil) }
    }

    @Test("an address that tries many names has to wait, too")
    func spraying() {
        let throttle = SignInThrottle()
        for number in 0..<50 { #expect(throttle.begin([.account("user-\(number)"), .address("192.0.2.1")], now: start) == nil) }
        #expect(throttle.begin([.account("another"), .address("192.0.2.1")], now: start) == 1)
        #expect(throttle.begin([.account("another"), .address("192.0.2.9")], now: start) == nil)
    }
}
