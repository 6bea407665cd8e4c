import Foundation

/// Cron as a person would check it with a calendar in the hand: it looks at every day, and at every time of that day.
struct NaiveCron: Sendable {
    /// A day, with all that Foundation's calendar knows about it.
    struct Day: Sendable {
        let start: Int
        let year: Int
        let month: Int
        let day: Int
        /// Sunday is 1.
        let weekday: Int
        let length: Int
    }

    /// A part of an expression: how it is written, and which values it means.
    struct Field: Sendable {
        let text: String
        let holds: @Sendable (Int) -> Bool
    }

    struct DayField: Sendable {
        let text: String
        let holds: @Sendable (Day) -> Bool
    }

    let text: String
    let seconds: Field
    let minutes: Field
    let hours: Field
    let months: Field
    let days: @Sendable (Day) -> Bool

    /// 2026 to 2035.
    static let calendar: [Day] = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return (0..<3_650).map { number in
            let start = 1_767_225_600 + number * 86_400
            let date = Date(timeIntervalSince1970: Double(start))
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            return Day(
                start: start,
                year: parts.year ?? 0,
                month: parts.month ?? 0,
                day: parts.day ?? 0,
                weekday: parts.weekday ?? 0,
                length: calendar.range(of: .day, in: .month, for: date)?.count ?? 0
            )
        }
    }()

    /// - Returns: Nil when there is none in the ten years of `calendar`.
    func next(after second: Int) -> Int? {
        for day in Self.calendar where day.start + 86_400 > second && months.holds(day.month) && days(day) {
            for hour in 0..<24 where hours.holds(hour) {
                for minute in 0..<60 where minutes.holds(minute) {
                    for each in 0..<60 where seconds.holds(each) {
                        let time = day.start + hour * 3600 + minute * 60 + each
                        if time > second { return time }
                    }
                }
            }
        }
        return nil
    }
}

extension NaiveCron {
    /// Makes one up.
    static func random(isQuartz: Bool, using random: inout some RandomNumberGenerator) -> NaiveCron {
        let seconds = isQuartz ? field(0...59, using: &random) : Field(text: "", holds: { $0 == 0 })
        let minutes = field(0...59, using: &random)
        let hours = field(0...23, using: &random)
        let months = Bool.random(using: &random) ? Field(text: "*", holds: { _ in true }) : field(1...12, using: &random)
        let byNumber = isQuartz ? quartzDay(using: &random) : day(field(1...31, using: &random)) { $0.day }
        let byWeekday = isQuartz ? quartzWeekday(using: &random) : day(field(0...6, using: &random)) { $0.weekday - 1 }
        let (dayText, weekdayText, days) = combined(byNumber, byWeekday, isQuartz: isQuartz, using: &random)
        let fields = [minutes.text, hours.text, dayText, months.text, weekdayText]
        return NaiveCron(
            text: ((isQuartz ? [seconds.text] : []) + fields).joined(separator: " "),
            seconds: seconds,
            minutes: minutes,
            hours: hours,
            months: months,
            days: days
        )
    }

    private static func combined(
        _ byNumber: DayField,
        _ byWeekday: DayField,
        isQuartz: Bool,
        using random: inout some RandomNumberGenerator
    ) -> (String, String, @Sendable (Day) -> Bool) {
        let free = isQuartz ? "?" : "*"
        switch Int.random(in: 0..<(isQuartz ? 3 : 4), using: &random) {
        case 0: return (free, "*", { _ in true })
        case 1: return (byNumber.text, free, byNumber.holds)
        case 2: return (free, byWeekday.text, byWeekday.holds)
        default:
            let needsBoth = byNumber.text.hasPrefix("*") || byWeekday.text.hasPrefix("*")
            return (
                byNumber.text, byWeekday.text,
                { day in
                    needsBoth ? byNumber.holds(day) && byWeekday.holds(day) : byNumber.holds(day) || byWeekday.holds(day)
                }
            )
        }
    }

    private static func day(_ field: Field, _ value: @escaping @Sendable (Day) -> Int) -> DayField {
        DayField(text: field.text, holds: { field.holds(value($0)) })
    }

    private static func field(_ all: ClosedRange<Int>, using random: inout some RandomNumberGenerator) -> Field {
        let first = Int.random(in: all, using: &random)
        let last = Int.random(in: first...all.upperBound, using: &random)
        let step = Int.random(in: 1...max(1, all.upperBound / 2), using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return Field(text: "*", holds: { _ in true })
        case 1: return Field(text: "\(first)", holds: { $0 == first })
        case 2: return Field(text: "\(first)-\(last)", holds: { (first...last).contains($0) })
        case 3: return Field(text: "*/\(step)", holds: { ($0 - all.lowerBound) % step == 0 })
        case 4: return Field(text: "\(first)/\(step)", holds: { $0 >= first && ($0 - first) % step == 0 })
        case 5: return Field(text: "\(first)-\(last)/\(step)", holds: { (first...last).contains($0) && ($0 - first) % step == 0 })
        default:
            let values = (0..<3).map { _ in Int.random(in: all, using: &random) }
            return Field(text: values.map(String.init).joined(separator: ","), holds: { values.contains($0) })
        }
    }

    private static func quartzDay(using random: inout some RandomNumberGenerator) -> DayField {
        let number = Int.random(in: 1...28, using: &random)
        let back = Int.random(in: 0...10, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return DayField(text: "L", holds: { $0.day == $0.length })
        case 1: return DayField(text: "L-\(back)", holds: { $0.day == $0.length - back })
        case 2: return DayField(text: "LW", holds: { isNearestWeekday($0, to: $0.length) })
        case 3: return DayField(text: "\(number)W", holds: { isNearestWeekday($0, to: number) })
        default: return day(field(1...31, using: &random)) { $0.day }
        }
    }

    private static func quartzWeekday(using random: inout some RandomNumberGenerator) -> DayField {
        let weekday = Int.random(in: 1...7, using: &random)
        let name = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"][weekday - 1]
        let number = Int.random(in: 1...5, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return DayField(text: "\(weekday)L", holds: { $0.weekday == weekday && $0.day + 7 > $0.length })
        case 1: return DayField(text: "\(name)#\(number)", holds: { $0.weekday == weekday && ($0.day - 1) / 7 + 1 == number })
        case 2: return DayField(text: name.lowercased(), holds: { $0.weekday == weekday })
        case 3: return DayField(text: "L", holds: { $0.weekday == 7 })
        default: return day(field(1...7, using: &random)) { $0.weekday }
        }
    }

    /// Of the month's days from Monday to Friday, none is nearer. Of two on both sides of a weekend, only one can be.
    private static func isNearestWeekday(_ day: Day, to number: Int) -> Bool {
        guard (2...6).contains(day.weekday) else { return false }
        let distance = abs(day.day - number)
        let nearer = (1...day.length).contains { other in
            let weekday = (day.weekday - 1 + other - day.day + 70) % 7 + 1
            return (2...6).contains(weekday) && abs(other - number) < distance
        }
        return nearer == false
    }
}
