import Foundation

/// Which versions will do, as people write it: Terraform's syntax, and the npm-like one that Terrakube accepts.
///
/// - Terraform (<https://developer.hashicorp.com/terraform/language/expressions/version-constraints>): `= != > >= < <=`
///   and `~>`, joined by commas.
/// - npm (<https://github.com/npm/node-semver#ranges>): `1.x`, `1.9`, `~1.9.0`, `^1.2`, `1.2 - 1.4`, joined by spaces,
///   alternatives separated by `||`.
/// - `*`, `latest` and nothing at all: any release.
///
/// A prerelease is never chosen by a range, only by its exact version.
package struct VersionConstraint: Sendable, Hashable {
    /// As it was written.
    package let text: String
    private let alternatives: [[Comparator]]

    private struct Comparator: Hashable {
        enum Operation {
            case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        }

        let operation: Operation
        let version: Version

        func matches(_ candidate: Version) -> Bool {
            switch operation {
            case .equal: candidate == version
            case .notEqual: candidate != version
            case .less: candidate < version
            case .lessOrEqual: candidate <= version
            case .greater: candidate > version
            case .greaterOrEqual: candidate >= version
            }
        }
    }

    /// - Throws: `ToolError.refused` when it is not a constraint.
    package init(_ text: String) throws {
        self.text = text
        alternatives = try text.components(separatedBy: "||").map { alternative in
            try alternative.split(separator: ",").flatMap { part in
                guard let comparators = Self.comparators(String(part)) else {
                    throw ToolError.refused(
                        "\(text.debugDescription) is not a version or a version constraint; right are 1.9.8, ~> 1.9, >= 1.6, < 2.0 or 1.x"
                    )
                }
                return comparators
            }
        }
    }

    package func matches(_ version: Version) -> Bool {
        alternatives.contains { comparators in
            if version.isPrerelease, !comparators.contains(Comparator(operation: .equal, version: version)) { return false }
            return comparators.allSatisfy { $0.matches(version) }
        }
    }

    /// The newest version that matches.
    package func best(from versions: some Sequence<Version>) -> Version? {
        versions.filter(matches).max()
    }

    /// The comparators of a part without commas: one, or several that are separated by spaces.
    private static func comparators(_ part: String) -> [Comparator]? {
        let hyphenated = part.components(separatedBy: " - ").map { $0.trimmingCharacters(in: .whitespaces) }
        if hyphenated.count == 2 {
            guard let low = PartialVersion(hyphenated[0]), let high = PartialVersion(hyphenated[1]) else { return nil }
            return [Comparator(operation: .greaterOrEqual, version: low.floor), Comparator(operation: .less, version: high.ceiling)]
        }
        // An operator may stand apart from its version: `~> 1.9`.
        var result: [Comparator] = []
        var pendingOperator = ""
        for word in part.split(whereSeparator: \.isWhitespace) {
            let sign = word.prefix { "=!<>~^".contains($0) }
            let rest = String(word.dropFirst(sign.count))
            guard pendingOperator.isEmpty || sign.isEmpty else { return nil }
            if rest.isEmpty {
                pendingOperator = String(sign)
                continue
            }
            guard let comparators = comparators(sign: pendingOperator + sign, rest) else { return nil }
            result += comparators
            pendingOperator = ""
        }
        return pendingOperator.isEmpty ? result : nil
    }

    private static func comparators(sign: String, _ text: String) -> [Comparator]? {
        if ["*", "x", "X", "latest"].contains(text) { return ["", "=", ">=", "~>", "~", "^"].contains(sign) ? [] : nil }
        guard let partial = PartialVersion(text) else { return nil }
        let floor = partial.floor
        let atLeast = Comparator(operation: .greaterOrEqual, version: floor)
        func below(_ version: Version) -> [Comparator] { [atLeast, Comparator(operation: .less, version: version)] }
        switch sign {
        case "": return partial.patch == nil ? below(partial.ceiling) : [Comparator(operation: .equal, version: floor)]
        case "=", "==": return [Comparator(operation: .equal, version: floor)]
        case "!=": return [Comparator(operation: .notEqual, version: floor)]
        case ">": return [Comparator(operation: .greater, version: floor)]
        case ">=": return [atLeast]
        case "<": return [Comparator(operation: .less, version: floor)]
        case "<=": return [Comparator(operation: .lessOrEqual, version: floor)]
        // Terraform: only the rightmost number that is written may grow.
        case "~>": return below(partial.patch == nil ? Version(floor.major + 1, 0, 0) : Version(floor.major, floor.minor + 1, 0))
        case "~": return below(partial.minor == nil ? Version(floor.major + 1, 0, 0) : Version(floor.major, floor.minor + 1, 0))
        case "^": return below(caretCeiling(partial))
        default: return nil
        }
    }

    /// npm: the leftmost number that is not zero may not change.
    private static func caretCeiling(_ partial: PartialVersion) -> Version {
        if partial.major > 0 || partial.minor == nil { return Version(partial.major + 1, 0, 0) }
        let minor = partial.minor ?? 0
        if minor > 0 || partial.patch == nil { return Version(0, minor + 1, 0) }
        return Version(0, 0, (partial.patch ?? 0) + 1)
    }
}

extension VersionConstraint: CustomStringConvertible {
    package var description: String { text }
}
