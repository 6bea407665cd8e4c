/// A moment as people write it, in milliseconds since 1970 (UTC), with the precision they wrote it in.
///
/// `2026-01-02` means that whole day and `2026-01-02T03:04Z` that whole minute, so that a filter finds what the API
/// itself shows without seconds.
struct ISODate: Sendable, Equatable {
    let start: Int64
    /// Where the next value of the same precision would begin.
    let end: Int64

    /// Reads `yyyy-MM-dd`, then optionally `THH:mm`, `:ss`, a fraction, and `Z` or an offset. No offset means UTC.
    init?(_ text: String) {
        let pattern =
            /(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))?)?/
        guard text.utf8.count <= 40, let match = text.wholeMatch(of: pattern)?.output,
            let year = Int64(match.1), let month = Int64(match.2), let day = Int64(match.3),
            (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        let hour = match.4.flatMap { Int64($0) } ?? 0
        let minute = match.5.flatMap { Int64($0) } ?? 0
        let second = match.6.flatMap { Int64($0) } ?? 0
        let milliseconds = match.7.flatMap { Int64(($0 + "00").prefix(3)) } ?? 0
        let offsetHour = match.9.flatMap { Int64($0) } ?? 0
        let offsetMinute = match.10.flatMap { Int64($0) } ?? 0
        guard hour < 24, minute < 60, second < 60, offsetHour < 24, offsetMinute < 60 else { return nil }
        let offset = (offsetHour * 60 + offsetMinute) * (match.8 == "-" ? -1 : 1)
        let minutes = (Self.dayNumber(year, month, day) * 24 + hour) * 60 + minute - offset
        start = (minutes * 60 + second) * 1000 + milliseconds
        end = start + (match.7 != nil ? 1 : match.6 != nil ? 1000 : match.4 != nil ? 60_000 : 86_400_000)
    }

    /// `yyyy-MM-dd'T'HH:mm'Z'`, as Terrakube shows every date.
    static func format(milliseconds: Int64) -> String {
        let minutes = floorDivide(milliseconds, 60_000)
        let (year, month, day) = civil(floorDivide(minutes, 1440))
        let minuteOfDay = minutes - floorDivide(minutes, 1440) * 1440
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(minuteOfDay / 60, 2)):\(padded(minuteOfDay % 60, 2))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floorDivide(_ left: Int64, _ right: Int64) -> Int64 {
        let quotient = left / right
        return left % right < 0 ? quotient - 1 : quotient
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar. The year is counted from March, so that the leap
    /// day comes last; 400 years are 146,097 days.
    private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The inverse of `dayNumber`.
    private static func civil(_ dayNumber: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = dayNumber + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = (monthFromMarch + 2) % 12 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
