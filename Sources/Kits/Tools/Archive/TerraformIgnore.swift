import Foundation

/// The rules of a `.terraformignore`: like a `.gitignore`, the last rule that matches wins.
struct TerraformIgnore {
    private struct Rule {
        let pattern: [Substring]
        let isNegated: Bool
    }

    /// What Terraform leaves out by itself; an own file adds to it.
    private static let standard = ".git/\n.terraform/\n!.terraform/modules/\n"

    private let rules: [Rule]

    /// - Parameter text: The content of the file, if there is one.
    init(_ text: String?) {
        rules = (Self.standard + (text ?? "")).split(whereSeparator: \.isNewline).compactMap { line in
            var line = line.trimmingCharacters(in: .whitespaces)[...]
            guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
            let isNegated = line.hasPrefix("!")
            if isNegated { line.removeFirst() }
            // A pattern without a slash in front or inside matches at every depth.
            let isAnchored = line.dropLast().contains("/")
            var pattern = line.split(separator: "/")
            if !isAnchored { pattern.insert("**", at: 0) }
            return pattern.isEmpty ? nil : Rule(pattern: pattern, isNegated: isNegated)
        }
    }

    /// - Parameter path: Relative to the folder, without a slash at the end.
    func excludes(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        var isExcluded = false
        for rule in rules where matchesSomePrefix(rule.pattern[...], parts[...]) { isExcluded = !rule.isNegated }
        return isExcluded
    }

    /// Whether a rule might include something below an excluded folder.
    func mayIncludeBelow(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return rules.contains { rule in
            guard rule.isNegated, let first = rule.pattern.first else { return false }
            return first == "**" || zip(rule.pattern, parts).allSatisfy { Self.matches($0.0, $0.1) }
        }
    }

    /// A rule that matches a folder holds for everything in it.
    private func matchesSomePrefix(_ pattern: ArraySlice<Substring>, _ parts: ArraySlice<Substring>) -> Bool {
        guard let first = pattern.first else { return true }
        if first == "**" {
            let rest = pattern.dropFirst()
            if rest.isEmpty { return !parts.isEmpty }
            return parts.indices.contains { matchesSomePrefix(rest, parts[$0...]) }
        }
        guard let part = parts.first, Self.matches(first, part) else { return false }
        return matchesSomePrefix(pattern.dropFirst(), parts.dropFirst())
    }

    /// `*` and `?` within one name.
    private static func matches(_ pattern: Substring, _ name: Substring) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            return matches(pattern.dropFirst(), name) || (!name.isEmpty && matches(pattern, name.dropFirst()))
        }
        guard let character = name.first, first == "?" || first == character else { return false }
        return matches(pattern.dropFirst(), name.dropFirst())
    }
}
