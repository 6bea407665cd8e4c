/// A month of the Gregorian calendar. Foundation's `Calendar` knows all this as well, but a search asks thousands of
/// times.
struct CivilMonth: Sendable, Hashable {
    let year: Int
    /// 1 is January.
    let month: Int

    var next: CivilMonth {
        month == 12 ? CivilMonth(year: year + 1, month: 1) : CivilMonth(year: year, month: month + 1)
    }

    var length: Int {
        switch month {
        case 2: isInLeapYear ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Sunday is 0.
    func weekday(of day: Int) -> Int {
        // 1970-01-01 was a Thursday.
        (CivilDay(month: self, day: day).number + 4).remainder(by: 7)
    }

    private var isInLeapYear: Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}

/// A day of the Gregorian calendar.
struct CivilDay: Sendable, Hashable {
    static let seconds = 86_400

    let month: CivilMonth
    let day: Int

    init(month: CivilMonth, day: Int) {
        self.month = month
        self.day = day
    }

    /// - Parameter number: Days since 1970-01-01.
    init(number: Int) {
        // Years that begin in March have their leap day at the end, and each era of 400 years has the same 146,097 days.
        // 1970-01-01 is day 719,468 of the calendar that begins on 0000-03-01.
        let sinceMarch = number + 719_468
        let era = sinceMarch.quotient(by: 146_097)
        let dayOfEra = sinceMarch - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        self.month = CivilMonth(year: year, month: month)
        self.day = dayOfYear - (153 * fromMarch + 2) / 5 + 1
    }

    /// Days since 1970-01-01.
    var number: Int {
        let year = month.month <= 2 ? month.year - 1 : month.year
        let era = year.quotient(by: 400)
        let yearOfEra = year - era * 400
        let fromMarch = month.month > 2 ? month.month - 3 : month.month + 9
        let dayOfYear = (153 * fromMarch + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Int {
    /// Division that rounds down, also below zero.
    func quotient(by divisor: Int) -> Int {
        (self - remainder(by: divisor)) / divisor
    }

    /// What is left then: never negative.
    func remainder(by divisor: Int) -> Int {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
