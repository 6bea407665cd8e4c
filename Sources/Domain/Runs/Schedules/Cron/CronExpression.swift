package import Foundation

/// When something happens again and again, as crontab and Quartz write it. All times are UTC.
///
/// Five fields are a line of crontab(5): `minute hour day-of-month month day-of-week`, with Sunday as 0 or 7. Six or
/// seven are Quartz: `second minute hour day-of-month month day-of-week [year]`, with Sunday as 1 and `?`, `L`, `W` and
/// `#` for days. `@hourly` and its like are taken, too.
/// Sources: <https://man7.org/linux/man-pages/man5/crontab.5.html>,
/// <https://www.quartz-scheduler.org/documentation/quartz-2.3.0/tutorials/crontrigger.html>.
package struct CronExpression: Sendable, Hashable {
    /// The years that Quartz takes.
    static let years = 1970...2099
    /// A pattern of days that has not come for so long never comes: the longest pause is that of a February 29th on one
    /// day of the week, 40 years around a year such as 2100.
    private static let horizon = 48

    let seconds: CronSet
    let minutes: CronSet
    let hours: CronSet
    let days: CronDays
    let months: CronSet
    /// In order; nil: every year.
    let onlyYears: [Int]?

    /// - Throws: `CronError`, which names the field.
    package init(_ text: String) throws(CronError) {
        self = try CronParser.parse(text)
    }

    init(seconds: CronSet, minutes: CronSet, hours: CronSet, days: CronDays, months: CronSet, onlyYears: [Int]?) {
        self.seconds = seconds
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        self.onlyYears = onlyYears
    }

    /// The first moment after `date`; nil when there is none any more.
    ///
    /// It looks at months, then at the days of one month, then at one day's hours, minutes and seconds: about a thousand
    /// small steps at worst.
    package func next(after date: Date) -> Date? {
        let start = Int(date.timeIntervalSince1970.rounded(.down)) + 1
        let today = CivilDay(number: start.quotient(by: CivilDay.seconds))
        if isOn(today), let time = time(from: start - today.number * CivilDay.seconds) {
            return Date(timeIntervalSince1970: Double(today.number * CivilDay.seconds + time))
        }
        guard let day = day(after: today), let time = time(from: 0) else { return nil }
        return Date(timeIntervalSince1970: Double(day.number * CivilDay.seconds + time))
    }

    private func isOn(_ day: CivilDay) -> Bool {
        isIn(day.month.year) && months.contains(day.month.month) && days.matching(in: day.month).contains(day.day)
    }

    private func isIn(_ year: Int) -> Bool {
        onlyYears?.contains(year) ?? true
    }

    private func day(after day: CivilDay) -> CivilDay? {
        var month = day.month
        var first = day.day + 1
        let lastYear = onlyYears.map { $0.last ?? month.year } ?? month.year + Self.horizon
        while month.year <= lastYear {
            if isIn(month.year), months.contains(month.month), let next = days.matching(in: month).first(from: first) {
                return CivilDay(month: month, day: next)
            }
            month = month.next
            first = 1
        }
        return nil
    }

    /// The first time of a day at or after `second`, in seconds of the day.
    private func time(from second: Int) -> Int? {
        let (hour, minute) = (second / 3600, second / 60 % 60)
        if hours.contains(hour) {
            if minutes.contains(minute), let next = seconds.first(from: second % 60) { return hour * 3600 + minute * 60 + next }
            if let next = minutes.first(from: minute + 1) { return hour * 3600 + next * 60 + seconds.lowest }
        }
        return hours.first(from: hour + 1).map { $0 * 3600 + minutes.lowest * 60 + seconds.lowest }
    }
}
