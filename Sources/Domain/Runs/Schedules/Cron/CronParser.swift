/// Reads cron expressions.
struct CronParser {
    private let dialect: CronField.Dialect

    private static let macros = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    static func parse(_ text: String) throws(CronError) -> CronExpression {
        let words = text.split(whereSeparator: \.isWhitespace)
        if let macro = words.first, macro.hasPrefix("@") {
            guard words.count == 1, let meaning = macros[macro.lowercased()] else {
                throw CronError(nil, "\(macro.shown) is unknown; known are \(macros.keys.sorted().joined(separator: ", "))")
            }
            return try parse(meaning)
        }
        switch words.count {
        case 5: return try CronParser(dialect: .unix).expression(words)
        case 6, 7: return try CronParser(dialect: .quartz).expression(words)
        default: throw CronError(nil, "it has \(words.count) fields, not 5 (crontab) or 6 to 7 (Quartz, with seconds)")
        }
    }

    private func expression(_ words: [Substring]) throws(CronError) -> CronExpression {
        let texts = Dictionary(zip(dialect.fields, words), uniquingKeysWith: { first, _ in first })
        return CronExpression(
            seconds: try texts[.seconds].map { text throws(CronError) in try set(text, .seconds) } ?? [0],
            minutes: try set(texts[.minutes] ?? "*", .minutes),
            hours: try set(texts[.hours] ?? "*", .hours),
            days: try days(texts[.dayOfMonth] ?? "*", texts[.dayOfWeek] ?? "*"),
            months: try set(texts[.month] ?? "*", .month),
            onlyYears: try years(texts[.year] ?? "*")
        )
    }

    // MARK: Fields

    private func set(_ text: Substring, _ field: CronField) throws(CronError) -> CronSet {
        var result = CronSet()
        for part in try parts(of: text, field) { result.formUnion(CronSet(try values(part, field))) }
        return result
    }

    private func years(_ text: Substring) throws(CronError) -> [Int]? {
        guard text != "*" else { return nil }
        var years: Set<Int> = []
        for part in try parts(of: text, .year) { years.formUnion(try values(part, .year)) }
        return years.sorted()
    }

    /// Vixie's rule for a crontab: two fields that restrict mean either of them, and a field that begins with `*` does
    /// not restrict. Quartz wants a `?` for one of them; a `*` says the same.
    private func days(_ monthDay: Substring, _ weekday: Substring) throws(CronError) -> CronDays {
        let isFree = (monthDay.isFree, weekday.isFree)
        if dialect == .quartz, isFree == (false, false) {
            throw CronError(.dayOfWeek, "one of day of month and day of week must be ?, as only the other one can count")
        }
        return CronDays(
            monthDays: isFree.0 ? nil : try monthDays(monthDay),
            weekdays: isFree.1 ? nil : try weekdays(weekday),
            needsBoth: monthDay.hasPrefix("*") || weekday.hasPrefix("*")
        )
    }

    private func monthDays(_ text: Substring) throws(CronError) -> [CronDays.MonthDay] {
        var days: [CronDays.MonthDay] = []
        for part in try parts(of: text, .dayOfMonth) {
            let upper = part.uppercased()
            if upper.hasPrefix("L") {
                try requireQuartz("L", .dayOfMonth)
                days.append(try lastDay(upper.dropFirst()))
            } else if upper.hasSuffix("W") {
                try requireQuartz("W", .dayOfMonth)
                days.append(.nearestWeekday(to: try value(part.dropLast(), .dayOfMonth)))
            } else {
                days.append(.on(CronSet(try values(part, .dayOfMonth))))
            }
        }
        return days
    }

    /// What follows the L: nothing, `-n`, and perhaps W.
    private func lastDay(_ rest: Substring) throws(CronError) -> CronDays.MonthDay {
        let isWeekday = rest.hasSuffix("W")
        let offsetText = isWeekday ? rest.dropLast() : rest
        var offset = 0
        if offsetText.isEmpty == false {
            guard offsetText.hasPrefix("-"), let number = Int(offsetText.dropFirst()), (0...30).contains(number) else {
                throw CronError(.dayOfMonth, "L may be followed by -0 to -30 and by W, not by \(offsetText.shown)")
            }
            offset = number
        }
        return isWeekday ? .lastWeekday(minus: offset) : .last(minus: offset)
    }

    private func weekdays(_ text: Substring) throws(CronError) -> [CronDays.Weekday] {
        var days: [CronDays.Weekday] = []
        for part in try parts(of: text, .dayOfWeek) {
            if let hash = part.firstIndex(of: "#") {
                try requireQuartz("#", .dayOfWeek)
                let weekday = try value(part[..<hash], .dayOfWeek)
                guard let number = Int(part[part.index(after: hash)...]), (1...5).contains(number) else {
                    throw CronError(.dayOfWeek, "after # comes 1 to 5, which one of the month is meant")
                }
                days.append(.nth(sundayFirst(weekday), of: number))
            } else if part.uppercased() == "L" {
                try requireQuartz("L", .dayOfWeek)
                days.append(.on([6]))
            } else if part.uppercased().hasSuffix("L") {
                try requireQuartz("L", .dayOfWeek)
                days.append(.last(sundayFirst(try value(part.dropLast(), .dayOfWeek))))
            } else {
                days.append(.on(CronSet(try values(part, .dayOfWeek).map(sundayFirst))))
            }
        }
        return days
    }

    // MARK: Values

    private func parts(of text: Substring, _ field: CronField) throws(CronError) -> [Substring] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.isEmpty == false }) else { throw CronError(field, "between commas there must be a value") }
        return parts
    }

    /// `*`, `5`, `1-5`, and each of them with `/step`; a step alone begins at the least value.
    private func values(_ part: Substring, _ field: CronField) throws(CronError) -> [Int] {
        let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let all = field.all(in: dialect)
        let range = try range(pieces[0], field, isOpen: pieces.count > 1)
        guard pieces.count > 1 else { return range }
        guard let step = Int(pieces[1]), (1...all.upperBound).contains(step) else {
            throw CronError(field, "the step after / must be a number from 1 to \(all.upperBound), not \(pieces[1].shown)")
        }
        return range.enumerated().filter { $0.offset % step == 0 }.map(\.element)
    }

    /// - Parameter isOpen: Whether a single value begins a range up to the greatest one, as a step follows.
    private func range(_ text: Substring, _ field: CronField, isOpen: Bool) throws(CronError) -> [Int] {
        let all = field.all(in: dialect)
        if text == "*" || (text.isEmpty && isOpen) { return Array(all) }
        guard let dash = text.firstIndex(of: "-") else {
            let first = try value(text, field)
            return isOpen && first <= all.upperBound ? Array(first...all.upperBound) : [first]
        }
        let first = try value(text[..<dash], field)
        let last = try value(text[text.index(after: dash)...], field)
        if first <= last { return Array(first...last) }
        // Quartz goes on at the least value: 22-2, NOV-FEB.
        guard dialect == .quartz, field != .year else {
            throw CronError(field, "the range \(text.shown) begins after its end")
        }
        return Array(first...all.upperBound) + Array(all.lowerBound...last)
    }

    private func value(_ text: Substring, _ field: CronField) throws(CronError) -> Int {
        if let named = field.value(named: text, in: dialect) { return named }
        let allowed = field.values(in: dialect)
        let isNumber = text.isEmpty == false && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber, let number = Int(text), allowed.contains(number) else {
            if text == "?" { throw CronError(field, "? is only possible for day of month or day of week, alone") }
            throw CronError(field, "\(text.shown) is not one of \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return number
    }

    /// The number of a weekday with Sunday as 0.
    private func sundayFirst(_ weekday: Int) -> Int {
        dialect == .unix ? weekday % 7 : weekday - 1
    }

    private func requireQuartz(_ character: String, _ field: CronField) throws(CronError) {
        guard dialect == .quartz else {
            throw CronError(field, "\(character) is only possible in the form with seconds, such as 0 0 12 L * ?")
        }
    }
}

extension Substring {
    /// Whether a field of days does not restrict.
    fileprivate var isFree: Bool { self == "*" || self == "?" }

    /// As an error shows it.
    fileprivate var shown: String { "\"\(prefix(40))\"" }
}
