/// A comparison of sets, as comparisons of their members: `labels.name=supersetof=(a,b)` asks that there is a label whose
/// name is `a`, and one whose name is `b`.
///
/// What the caller may not read is no member.
struct CollectionComparison {
    /// Each of these must find something.
    let members: [RSQL.Comparison]
    /// Whether the whole has to be false.
    let isNegated: Bool

    /// - Returns: nil for an operator that compares single values.
    init?(_ comparison: RSQL.Comparison) {
        func member(_ comparator: RSQL.Comparator, _ arguments: [String]) -> RSQL.Comparison {
            RSQL.Comparison(path: comparison.path, comparator: comparator, arguments: arguments)
        }
        switch comparison.comparator {
        case .hasMember, .hasNoMember, .superset, .noSuperset: members = comparison.arguments.map { member(.isIn, [$0]) }
        case .subset, .noSubset: members = [member(.isOut, comparison.arguments)]
        default: return nil
        }
        isNegated = [.hasNoMember, .noSuperset, .subset].contains(comparison.comparator)
    }
}
