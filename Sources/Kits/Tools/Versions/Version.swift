/// A semantic version (<https://semver.org>). Build metadata is dropped: it takes no part in the order.
package struct Version: Sendable, Hashable {
    package let major: Int
    package let minor: Int
    package let patch: Int
    /// The dot-separated identifiers after the `-`; empty for a release.
    package let prerelease: [String]

    package init(_ major: Int, _ minor: Int, _ patch: Int, prerelease: [String] = []) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
    }

    /// Reads `1.9.3`, `v1.9.3` or `1.10.0-rc1+build`. All three numbers have to be there.
    package init?(_ text: String) {
        guard let partial = PartialVersion(text), let minor = partial.minor, let patch = partial.patch else { return nil }
        self.init(partial.major, minor, patch, prerelease: partial.prerelease)
    }

    package var isPrerelease: Bool { !prerelease.isEmpty }
}

extension Version: CustomStringConvertible {
    package var description: String {
        "\(major).\(minor).\(patch)" + (isPrerelease ? "-" + prerelease.joined(separator: ".") : "")
    }
}

extension Version: Comparable {
    /// Semantic Versioning 2.0.0, item 11.
    package static func < (left: Version, right: Version) -> Bool {
        let leftNumbers = (left.major, left.minor, left.patch)
        let rightNumbers = (right.major, right.minor, right.patch)
        guard leftNumbers == rightNumbers else { return leftNumbers < rightNumbers }
        guard left.isPrerelease, right.isPrerelease else { return left.isPrerelease && !right.isPrerelease }
        for (mine, other) in zip(left.prerelease, right.prerelease) where mine != other {
            switch (Int(mine), Int(other)) {
            case (let mine?, let other?): return mine < other
            case (nil, nil): return mine.utf8.lexicographicallyPrecedes(other.utf8)
            case (let number, _): return number != nil
            }
        }
        return left.prerelease.count < right.prerelease.count
    }
}

/// A version as constraints write it: the numbers on the right may be missing or be a wildcard.
struct PartialVersion {
    let major: Int
    let minor: Int?
    let patch: Int?
    let prerelease: [String]

    /// - Returns: nil for anything that is not a version, and for a bare wildcard, which has no major number.
    init?(_ text: String) {
        var text = Substring(text)
        if text.first == "v" || text.first == "V" { text.removeFirst() }
        if let build = text.firstIndex(of: "+") { text = text[..<build] }
        var prerelease: [String] = []
        if let dash = text.firstIndex(of: "-") {
            prerelease = text[text.index(after: dash)...].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard prerelease.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isIdentifierByte) }) else { return nil }
            text = text[..<dash]
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count) else { return nil }
        var numbers: [Int?] = []
        for part in parts {
            if part == "x" || part == "X" || part == "*" {
                numbers.append(nil)
            } else if !part.isEmpty, part.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(part)
            {
                // A number after a wildcard means nothing.
                guard numbers.allSatisfy({ $0 != nil }) else { return nil }
                numbers.append(number)
            } else {
                return nil
            }
        }
        guard let major = numbers[0] else { return nil }
        self.major = major
        minor = numbers.count > 1 ? numbers[1] : nil
        patch = numbers.count > 2 ? numbers[2] : nil
        guard prerelease.isEmpty || patch != nil else { return nil }
        self.prerelease = prerelease
    }

    private static func isIdentifierByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// The smallest version that this can mean.
    var floor: Version {
        Version(major, minor ?? 0, patch ?? 0, prerelease: prerelease)
    }

    /// The first version after all that this can mean: `1.9` ends at 1.10.0, `1` at 2.0.0, `1.9.3` at 1.9.4.
    var ceiling: Version {
        guard let minor else { return Version(major + 1, 0, 0) }
        guard let patch else { return Version(major, minor + 1, 0) }
        return Version(major, minor, patch + 1)
    }
}
