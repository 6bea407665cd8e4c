import Foundation

/// What to check out of a repository: a branch, a tag, a full reference name, a commit, or the default branch.
package enum GitReference: Sendable, Hashable {
    /// What the remote `HEAD` points to.
    case defaultBranch
    /// A branch or else a tag.
    case name(String)
    /// A name that starts with `refs/`.
    case full(String)
    /// All 40 (or 64, SHA-256) digits of a commit, in lower case.
    case commit(String)

    /// - Throws: `ToolError.refused` for what git would not take as a name, or would take for something else
    ///   (git-check-ref-format(1)).
    package init(_ text: String) throws {
        let text = text.trimmingCharacters(in: .whitespaces)
        if text.isEmpty || text == "HEAD" {
            self = .defaultBranch
        } else if text.utf8.count == 40 || text.utf8.count == 64, text.utf8.allSatisfy(Self.isHexadecimal) {
            self = .commit(text.lowercased())
        } else if Self.isWellFormed(text) {
            self = text.hasPrefix("refs/") ? .full(text) : .name(text)
        } else {
            throw ToolError.refused("\(text.debugDescription) is not a branch, a tag or a commit.")
        }
    }

    private static func isWellFormed(_ name: String) -> Bool {
        guard !name.hasPrefix("-"), name != "@", !name.contains(".."), !name.contains("@{"), !name.hasSuffix("."), name.utf8.count <= 1024,
            !name.unicodeScalars.contains(where: { $0.value <= 32 || $0.value == 127 || "~^:?*[\\".unicodeScalars.contains($0) })
        else { return false }
        return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && !part.hasPrefix(".") && !part.hasSuffix(".lock")
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
}

extension GitReference: CustomStringConvertible {
    package var description: String {
        switch self {
        case .defaultBranch: "the default branch"
        case .name(let name), .full(let name): name
        case .commit(let commit): "commit \(commit)"
        }
    }
}
