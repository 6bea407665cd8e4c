import Foundation

/// What `.terraform.lock.hcl` says about each provider: the hashes of the packages that may be used.
struct DependencyLock: Sendable, Equatable {
    /// The hashes by the provider's address, such as `registry.terraform.io/hashicorp/aws`.
    let hashes: [String: Set<String>]

    /// Reads the form in which Terraform writes the file: a block per provider, a hash per line.
    init(_ text: String) {
        var hashes: [String: Set<String>] = [:]
        var provider: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: "\"", omittingEmptySubsequences: false)
            if words.first?.filter({ !$0.isWhitespace }) == "provider", words.count >= 3 {
                provider = String(words[1])
                hashes[String(words[1])] = []
            } else if let provider {
                for word in words where word.hasPrefix("h1:") || word.hasPrefix("zh:") {
                    hashes[provider, default: []].insert(String(word))
                }
            }
        }
        self.hashes = hashes
    }

    /// Nil when there is no such file.
    init?(contentsOf path: String) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        self.init(text)
    }
}
