/// Which days of a month an expression means: by their number, by their weekday, or both.
struct CronDays: Sendable, Hashable {
    /// One entry of the day-of-month field.
    enum MonthDay: Sendable, Hashable {
        case on(CronSet)
        /// `L`, `L-3`: so many days before the last one.
        case last(minus: Int)
        /// `15W`: the weekday, Monday to Friday, that is nearest to the day, in the same month.
        case nearestWeekday(to: Int)
        /// `LW`, `L-3W`.
        case lastWeekday(minus: Int)
    }

    /// One entry of the day-of-week field. Sunday is 0 here.
    enum Weekday: Sendable, Hashable {
        case on(CronSet)
        /// `6L`: the last one of the month.
        case last(Int)
        /// `6#3`: the third one of the month.
        case nth(Int, of: Int)
    }

    /// Nil: the field does not restrict.
    let monthDays: [MonthDay]?
    let weekdays: [Weekday]?
    /// Whether a day must satisfy both fields. Two fields that restrict mean either of them in a crontab.
    let needsBoth: Bool

    func matching(in month: CivilMonth) -> CronSet {
        let all = CronSet(1...month.length)
        let byNumber = monthDays.map { entries in
            entries.reduce(into: CronSet()) { $0.formUnion(Self.days(of: $1, in: month)) }.intersection(all)
        }
        let byWeekday = weekdays.map { entries in
            entries.reduce(into: CronSet()) { $0.formUnion(Self.days(of: $1, in: month)) }
        }
        switch (byNumber, byWeekday) {
        case (nil, nil): return all
        case (let days?, nil), (nil, let days?): return days
        case (var byNumber?, let byWeekday?):
            if needsBoth { return byNumber.intersection(byWeekday) }
            byNumber.formUnion(byWeekday)
            return byNumber
        }
    }

    private static func days(of entry: MonthDay, in month: CivilMonth) -> CronSet {
        switch entry {
        case .on(let days): days
        case .last(let offset): offset < month.length ? [month.length - offset] : []
        case .nearestWeekday(let day): day <= month.length ? [nearestWeekday(to: day, in: month)] : []
        case .lastWeekday(let offset): offset < month.length ? [nearestWeekday(to: month.length - offset, in: month)] : []
        }
    }

    private static func days(of entry: Weekday, in month: CivilMonth) -> CronSet {
        switch entry {
        case .on(let weekdays):
            return CronSet((1...month.length).filter { weekdays.contains(month.weekday(of: $0)) })
        case .last(let weekday):
            let back = (month.weekday(of: month.length) - weekday + 7) % 7
            return [month.length - back]
        case .nth(let weekday, let number):
            let first = 1 + (weekday - month.weekday(of: 1) + 7) % 7
            let day = first + (number - 1) * 7
            return day <= month.length ? [day] : []
        }
    }

    /// It does not leave the month: the 1st, a Saturday, gives Monday the 3rd.
    private static func nearestWeekday(to day: Int, in month: CivilMonth) -> Int {
        switch month.weekday(of: day) {
        case 6: day == 1 ? 3 : day - 1
        case 0: day == month.length ? day - 2 : day + 1
        default: day
        }
    }
}
