import Foundation
import Testing

@testable import Runs

struct CronExpressionTests {
    /// A Monday.
    private static let start = "2026-02-02T02:40:00Z"

    @Test(
        "the examples of Quartz's own documentation",
        arguments: [
            ("0 0 12 * * ?", ["2026-02-02T12:00:00Z", "2026-02-03T12:00:00Z"]),
            ("0 15 10 ? * *", ["2026-02-02T10:15:00Z", "2026-02-03T10:15:00Z"]),
            ("0 15 10 * * ?", ["2026-02-02T10:15:00Z"]),
            ("0 15 10 * * ? *", ["2026-02-02T10:15:00Z"]),
            ("0 15 10 * * ? 2005", []),
            ("0 15 10 * * ? 2027", ["2027-01-01T10:15:00Z", "2027-01-02T10:15:00Z"]),
            ("0 * 14 * * ?", ["2026-02-02T14:00:00Z", "2026-02-02T14:01:00Z"]),
            ("0 0/5 14 * * ?", ["2026-02-02T14:00:00Z", "2026-02-02T14:05:00Z"]),
            ("0 30/25 14,18 * * ?", ["2026-02-02T14:30:00Z", "2026-02-02T14:55:00Z", "2026-02-02T18:30:00Z"]),
            ("0 4-5 14 * * ?", ["2026-02-02T14:04:00Z", "2026-02-02T14:05:00Z", "2026-02-03T14:04:00Z"]),
            ("0 10,44 14 ? 3 WED", ["2026-03-04T14:10:00Z", "2026-03-04T14:44:00Z", "2026-03-11T14:10:00Z"]),
            ("0 15 10 ? * MON-FRI", ["2026-02-02T10:15:00Z", "2026-02-03T10:15:00Z"]),
            ("0 15 10 15 * ?", ["2026-02-15T10:15:00Z", "2026-03-15T10:15:00Z"]),
            ("0 15 10 L * ?", ["2026-02-28T10:15:00Z", "2026-03-31T10:15:00Z"]),
            ("0 15 10 L-2 * ?", ["2026-02-26T10:15:00Z", "2026-03-29T10:15:00Z"]),
            ("0 15 10 ? * 6L", ["2026-02-27T10:15:00Z", "2026-03-27T10:15:00Z"]),
            ("0 15 10 ? * 6L 2002-2005", []),
            ("0 15 10 ? * 6#3", ["2026-02-20T10:15:00Z", "2026-03-20T10:15:00Z"]),
            ("0 0 12 1/5 * ?", ["2026-02-06T12:00:00Z", "2026-02-11T12:00:00Z"]),
            ("0 11 11 11 11 ?", ["2026-11-11T11:11:00Z", "2027-11-11T11:11:00Z"]),
        ]
    )
    func quartz(text: String, expected: [String]) throws {
        try #expect(fires(text, expected.count) == expected)
        if expected.isEmpty { #expect(try CronExpression(text).next(after: date(Self.start)) == nil) }
    }

    @Test(
        "what Quartz can say about days, months and turning ranges",
        arguments: [
            ("0 0 0 15W * ?", ["2026-02-16T00:00:00Z", "2026-03-16T00:00:00Z", "2026-04-15T00:00:00Z"]),
            ("0 0 0 1W 8 ?", ["2026-08-03T00:00:00Z", "2027-08-02T00:00:00Z"]),
            ("0 0 0 31W * ?", ["2026-03-31T00:00:00Z", "2026-05-29T00:00:00Z", "2026-07-31T00:00:00Z"]),
            ("0 0 0 LW * ?", ["2026-02-27T00:00:00Z", "2026-03-31T00:00:00Z"]),
            ("0 0 0 L-6W * ?", ["2026-02-23T00:00:00Z", "2026-03-25T00:00:00Z"]),
            ("0 0 0 ? * FRI#5", ["2026-05-29T00:00:00Z", "2026-07-31T00:00:00Z"]),
            ("0 0 0 ? * L", ["2026-02-07T00:00:00Z", "2026-02-14T00:00:00Z"]),
            ("0 0 0 ? * 1", ["2026-02-08T00:00:00Z"]),
            ("0 0 0 ? * fri-mon", ["2026-02-06T00:00:00Z", "2026-02-07T00:00:00Z", "2026-02-08T00:00:00Z", "2026-02-09T00:00:00Z"]),
            ("0 0 22-2 * * ?", ["2026-02-02T22:00:00Z", "2026-02-02T23:00:00Z", "2026-02-03T00:00:00Z"]),
            ("0 0 0 1 NOV-FEB ?", ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z"]),
            ("0/20 40 2 * * ?", ["2026-02-02T02:40:20Z", "2026-02-02T02:40:40Z", "2026-02-03T02:40:00Z"]),
            ("0 0/5 * ? * * *", ["2026-02-02T02:45:00Z", "2026-02-02T02:50:00Z"]),
            ("0 0 0 L,15 * ?", ["2026-02-15T00:00:00Z", "2026-02-28T00:00:00Z"]),
            ("0 0 0 29 2 ?", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
            ("0 0 0 30 2 ?", []),
            ("0 0 0 31 4,6,9,11 ?", []),
            ("* * * * * ?", ["2026-02-02T02:40:01Z", "2026-02-02T02:40:02Z"]),
        ]
    )
    func quartzDays(text: String, expected: [String]) throws {
        try #expect(fires(text, expected.count) == expected)
        if expected.isEmpty { #expect(try CronExpression(text).next(after: date(Self.start)) == nil) }
    }

    @Test(
        "a line of a crontab, with Sunday as 0 and 7",
        arguments: [
            ("5 0 * * *", ["2026-02-03T00:05:00Z", "2026-02-04T00:05:00Z"]),
            ("15 14 1 * *", ["2026-03-01T14:15:00Z", "2026-04-01T14:15:00Z"]),
            ("0 22 * * 1-5", ["2026-02-02T22:00:00Z", "2026-02-03T22:00:00Z"]),
            ("23 0-23/2 * * *", ["2026-02-02T04:23:00Z", "2026-02-02T06:23:00Z"]),
            ("5 4 * * sun", ["2026-02-08T04:05:00Z"]),
            ("5 4 * * 0", ["2026-02-08T04:05:00Z"]),
            ("5 4 * * 7", ["2026-02-08T04:05:00Z"]),
            ("5 4 * * 5-7", ["2026-02-06T04:05:00Z", "2026-02-07T04:05:00Z", "2026-02-08T04:05:00Z"]),
            ("5 4 * * 1", ["2026-02-02T04:05:00Z"]),
            ("*/5 * * * *", ["2026-02-02T02:45:00Z", "2026-02-02T02:50:00Z"]),
            // Two fields that restrict: either of them.
            ("30 4 1,15 * 5", ["2026-02-06T04:30:00Z", "2026-02-13T04:30:00Z", "2026-02-15T04:30:00Z"]),
            // One begins with a star: both.
            ("0 0 */2 * 1", ["2026-02-09T00:00:00Z", "2026-02-23T00:00:00Z"]),
            ("0 0 1 jan ?", ["2027-01-01T00:00:00Z"]),
            ("  0\t0  29 2 * ", ["2028-02-29T00:00:00Z"]),
            ("@hourly", ["2026-02-02T03:00:00Z"]),
            ("@Daily", ["2026-02-03T00:00:00Z"]),
            ("@weekly", ["2026-02-08T00:00:00Z"]),
            ("@monthly", ["2026-03-01T00:00:00Z"]),
            ("@yearly", ["2027-01-01T00:00:00Z"]),
        ]
    )
    func unix(text: String, expected: [String]) throws {
        try #expect(fires(text, expected.count) == expected)
    }

    @Test(
        "an error names the field",
        arguments: [
            ("", nil), ("* * * *", nil), ("* * * * * * * *", nil), ("@reboot", nil), ("@daily *", nil),
            ("60 * * * *", "minutes"), ("-1 * * * *", "minutes"), ("a * * * *", "minutes"), ("1,,2 * * * *", "minutes"),
            ("1- * * * *", "minutes"), ("5-3 * * * *", "minutes"), ("*/0 * * * *", "minutes"), ("*/60 * * * *", "minutes"),
            ("1/x * * * *", "minutes"), ("* 24 * * *", "hours"), ("? * * * *", "minutes"), ("+5 * * * *", "minutes"),
            ("* * 0 * *", "day of month"), ("* * 32 * *", "day of month"), ("* * L * *", "day of month"), ("* * 5W * *", "day of month"),
            ("* * * 0 *", "month"), ("* * * 13 *", "month"), ("* * * foo *", "month"), ("* * * mon *", "month"),
            ("* * * * 8", "day of week"), ("* * * * 5L", "day of week"), ("* * * * 5#2", "day of week"),
            ("60 * * * * ?", "seconds"), ("0 0 0 L-31 * ?", "day of month"), ("0 0 0 L5 * ?", "day of month"),
            ("0 0 0 1-5W * ?", "day of month"), ("0 0 0 ? * 0", "day of week"), ("0 0 0 ? * 2#6", "day of week"),
            ("0 0 0 ? * 2#0", "day of week"), ("0 0 0 1 * 2", "day of week"), ("0 0 0 ? * 8L", "day of week"),
            ("0 0 0 * * ? 1969", "year"), ("0 0 0 * * ? 2100", "year"), ("0 0 0 * * ? 2030-2029", "year"), ("0 0 0 ? ? ? x", "month"),
            ("٣ * * * *", "minutes"), ("99999999999999999999 * * * *", "minutes"),
        ] as [(String, String?)]
    )
    func errors(text: String, field: String?) {
        let error = #expect(throws: CronError.self) { try CronExpression(text) }
        #expect(error?.field == field)
        #expect(error?.message.isEmpty == false)
    }

    @Test("it agrees with a search by hand", arguments: [true, false])
    func properties(isQuartz: Bool) throws {
        var random = Seeded(state: isQuartz ? 1 : 2)
        for _ in 0..<400 {
            let naive = NaiveCron.random(isQuartz: isQuartz, using: &random)
            let expression = try CronExpression(naive.text)
            var second = 1_767_225_600 + Int.random(in: 0..<86_400 * 365, using: &random)
            for _ in 0..<3 {
                let expected = naive.next(after: second)
                let found = expression.next(after: Date(timeIntervalSince1970: Double(second))).map { Int($0.timeIntervalSince1970) }
                // The search by hand ends after ten years.
                guard let expected else {
                    #expect(found ?? .max >= 2_082_585_600, "\(naive.text) after \(second)")
                    break
                }
                try #require(found == expected, "\(naive.text) after \(second)")
                second = expected
            }
        }
    }

    @Test("a fraction of a second, times before 1970 and the end of the years are no trouble")
    func edges() throws {
        let everySecond = try CronExpression("* * * * * ?")
        #expect(everySecond.next(after: Date(timeIntervalSince1970: 0.999)) == Date(timeIntervalSince1970: 1))
        #expect(everySecond.next(after: Date(timeIntervalSince1970: -0.5)) == Date(timeIntervalSince1970: 0))
        #expect(everySecond.next(after: Date(timeIntervalSince1970: -86_400.5)) == Date(timeIntervalSince1970: -86_400))
        #expect(try CronExpression("0 0 0 1 1 ? 1970").next(after: .distantPast) == Date(timeIntervalSince1970: 0))
        let last = try CronExpression("59 59 23 31 12 ? 2099")
        let end = try #require(last.next(after: date(Self.start)))
        #expect(end == date("2099-12-31T23:59:59Z"))
        #expect(last.next(after: end) == nil)
        // No leap day in 2100.
        #expect(try CronExpression("0 0 29 2 *").next(after: date("2096-03-01T00:00:00Z")) == date("2104-02-29T00:00:00Z"))
    }

    @Test("an expression that never fires is found out at once")
    func speed() throws {
        let never = try CronExpression("0 0 0 30 2 ?")
        let begin = ContinuousClock.now
        for _ in 0..<100 { #expect(never.next(after: date(Self.start)) == nil) }
        #expect(ContinuousClock.now - begin < .seconds(2))
    }

    // MARK: Parts

    private func fires(_ text: String, _ count: Int) throws -> [String] {
        let expression = try CronExpression(text)
        var moment = date(Self.start)
        return try (0..<count).map { _ in
            moment = try #require(expression.next(after: moment))
            return moment.formatted(.iso8601)
        }
    }

    private func date(_ text: String) -> Date {
        (try? Date(text, strategy: .iso8601)) ?? .distantPast
    }
}

/// The same numbers in every run. Source: <https://prng.di.unimi.it/splitmix64.c>, by its published constants.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
