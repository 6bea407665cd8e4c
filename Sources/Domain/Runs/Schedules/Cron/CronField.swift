/// One field of a cron expression: what it may hold.
enum CronField: String, Sendable, CaseIterable {
    case seconds
    case minutes
    case hours
    case dayOfMonth = "day of month"
    case month
    case dayOfWeek = "day of week"
    case year

    /// How the values of a field are written.
    enum Dialect: Sendable {
        /// crontab(5), five fields.
        case unix
        case quartz

        var fields: [CronField] {
            switch self {
            case .unix: [.minutes, .hours, .dayOfMonth, .month, .dayOfWeek]
            case .quartz: [.seconds, .minutes, .hours, .dayOfMonth, .month, .dayOfWeek, .year]
            }
        }
    }

    /// What may be written.
    func values(in dialect: Dialect) -> ClosedRange<Int> {
        switch self {
        case .seconds, .minutes: 0...59
        case .hours: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: dialect == .unix ? 0...7 : 1...7
        case .year: CronExpression.years
        }
    }

    /// What `*` means. In a crontab, 0 and 7 are the same day.
    func all(in dialect: Dialect) -> ClosedRange<Int> {
        self == .dayOfWeek && dialect == .unix ? 0...6 : values(in: dialect)
    }

    func value(named name: Substring, in dialect: Dialect) -> Int? {
        guard let index = names.firstIndex(of: name.uppercased()) else { return nil }
        return index + all(in: dialect).lowerBound
    }

    private var names: [String] {
        switch self {
        case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
        case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
        default: []
        }
    }
}

/// Why a text is no cron expression.
package struct CronError: Error, Sendable, Equatable {
    /// The field that is wrong, in words; nil when it is the whole.
    package let field: String?
    package let problem: String

    init(_ field: CronField?, _ problem: String) {
        self.field = field?.rawValue
        self.problem = problem
    }

    /// For people.
    package var message: String {
        field.map { "The \($0) of the cron expression is wrong: \(problem)." } ?? "The cron expression is wrong: \(problem)."
    }
}
