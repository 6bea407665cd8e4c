/// A filter in the RSQL language, read but not yet bound to a type.
///
/// Source: <https://github.com/jirutka/rsql-parser>, with the operators that Elide adds.
indirect enum RSQL: Sendable, Equatable {
    case all([RSQL])
    case any([RSQL])
    case comparison(Comparison)

    struct Comparison: Sendable, Equatable {
        /// `["workspace", "name"]` for `workspace.name`.
        let path: [String]
        let comparator: Comparator
        /// At least one.
        let arguments: [String]
    }

    enum Comparator: String, Sendable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case isIn = "=in="
        case isOut = "=out="
        case isInIgnoringCase = "=ini="
        case isOutIgnoringCase = "=outi="
        case less = "=lt="
        case lessOrEqual = "=le="
        case greater = "=gt="
        case greaterOrEqual = "=ge="
        case isNull = "=isnull="
        case isEmpty = "=isempty="
        case between = "=between="
        case notBetween = "=notbetween="
        case prefix = "=prefix="
        case postfix = "=postfix="
        case infix = "=infix="
        case hasMember = "=hasmember="
        case hasNoMember = "=hasnomember="
        case subset = "=subsetof="
        case noSubset = "=notsubsetof="
        case superset = "=supersetof="
        case noSuperset = "=notsupersetof="

        init?(spelling: String) {
            switch spelling {
            case "<": self = .less
            case "<=": self = .lessOrEqual
            case ">": self = .greater
            case ">=": self = .greaterOrEqual
            default: self.init(rawValue: spelling)
            }
        }

        /// How many arguments it takes.
        var arity: ClosedRange<Int> {
            switch self {
            case .isIn, .isOut, .isInIgnoringCase, .isOutIgnoringCase, .subset, .noSubset, .superset, .noSuperset: 1...Int.max
            case .between, .notBetween: 2...2
            default: 1...1
            }
        }
    }
}
