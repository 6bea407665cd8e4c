import Crypto
import Foundation

/// Checked out sources of git repositories, from a bare mirror per repository that all runs share: only what is new
/// crosses the network. Safe for any number of runs at once.
///
/// A mirror is a cache: one that is broken is thrown away and fetched anew.
package struct GitMirrors: Sendable {
    let runner: ToolRunner
    let environment: GitEnvironment
    let root: String
    let locks = KeyedLock<String>()

    /// - Parameters:
    ///   - cacheDirectory: Kept between runs; a server process has one of its own.
    ///   - environment: The server's environment, of which git gets the search path, the trusted certificates and the
    ///     proxies.
    /// - Throws: When the folder cannot be created.
    package init(cacheDirectory: String, environment: [String: String], runner: ToolRunner = ToolRunner()) throws {
        self.runner = runner
        root = cacheDirectory
        let home = "\(cacheDirectory)/home"
        for folder in ["\(cacheDirectory)/mirrors", home] {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
        self.environment = GitEnvironment(server: environment, home: home)
        removeLeftovers()
    }

    /// Drafts, rubbish and indexes of a server process that was killed; whole mirrors have no dot in their name.
    private func removeLeftovers() {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: root)) ?? [] where name.hasPrefix("index-") {
            try? files.removeItem(atPath: "\(root)/\(name)")
        }
        for name in (try? files.contentsOfDirectory(atPath: "\(root)/mirrors")) ?? [] where name.contains(".") {
            try? files.removeItem(atPath: "\(root)/mirrors/\(name)")
        }
    }

    /// Brings what a reference points to now into the mirror.
    ///
    /// - Parameter credentials: For the repository's own host; without them, those of the address are used.
    /// - Returns: The full commit id. A tag gives the commit that it was put on.
    /// - Throws: `ToolError`.
    package func resolve(
        _ reference: GitReference,
        of source: GitSource,
        credentials: GitCredentials? = nil
    ) async throws -> String {
        let remote = Remote(source: source, credentials: credentials ?? source.credentials)
        return try await explaining(remote) {
            let mirror = mirror(of: remote)
            return try await locks.withLock(mirror) {
                do {
                    return try await resolve(reference, of: remote, in: mirror)
                } catch let failure as GitFailure where failure.cause == .corruptMirror {
                    discard(mirror)
                    return try await resolve(reference, of: remote, in: mirror)
                }
            }
        }
    }

    struct Remote {
        let source: GitSource
        let credentials: GitCredentials?
    }

    /// Those who read a private repository by other credentials, or by none, have a mirror of their own: a commit that is
    /// in it is given out without asking the host.
    func mirror(of remote: Remote) -> String {
        let name = "\(remote.source.url)\n\(remote.credentials?.partition ?? "")"
        let digest = SHA256.hash(data: Data(name.utf8)).map { String(format: "%02x", $0) }.joined()
        return "\(root)/mirrors/\(digest)"
    }

    /// Moved away first, so that nobody sees half a mirror.
    func discard(_ mirror: String) {
        let rubbish = "\(mirror).\(UUID().uuidString)"
        try? FileManager.default.moveItem(atPath: mirror, toPath: rubbish)
        try? FileManager.default.removeItem(atPath: rubbish)
    }

    func explaining<Result>(_ remote: Remote, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as GitFailure {
            throw failure.toolError(remote.source, hasCredentials: remote.credentials != nil)
        }
    }

    private func resolve(_ reference: GitReference, of remote: Remote, in mirror: String) async throws -> String {
        try await create(mirror)
        switch reference {
        case .commit(let commit):
            if await contains(commit, in: mirror) { return commit }
            do {
                return try await fetch(commit, of: remote, in: mirror)
            } catch let failure as GitFailure where failure.cause == .missingReference {
                // The host gives out no commit by its id, or not this one: it may be below a branch.
                try await fetchEverything(of: remote, in: mirror)
                guard await contains(commit, in: mirror) else { throw failure }
                return commit
            }
        case .defaultBranch: return try await fetch("HEAD", of: remote, in: mirror)
        case .full(let name): return try await fetch(name, of: remote, in: mirror)
        case .name(let name):
            do {
                return try await fetch("refs/heads/\(name)", of: remote, in: mirror)
            } catch let failure as GitFailure where failure.cause == .missingReference {
                return try await fetch("refs/tags/\(name)", of: remote, in: mirror)
            }
        }
    }

    private func create(_ mirror: String) async throws {
        guard !FileManager.default.fileExists(atPath: mirror) else { return }
        let draft = "\(mirror).\(UUID().uuidString)"
        try await git(["init", "--quiet", "--bare", "--template=", draft], mirror: nil)
        try FileManager.default.moveItem(atPath: draft, toPath: mirror)
    }

    private func contains(_ commit: String, in mirror: String) async -> Bool {
        (try? await git(["cat-file", "-e", "\(commit)^{commit}"], mirror: mirror)) != nil
    }

    /// Fetches the newest commit of one reference, without its history: Terraform needs none.
    ///
    /// It is kept under the hash of its name. Real names clash when a branch `a` is deleted and `a/b` created.
    private func fetch(_ name: String, of remote: Remote, in mirror: String) async throws -> String {
        let digest = SHA256.hash(data: Data(name.utf8)).map { String(format: "%02x", $0) }.joined()
        let kept = "refs/wanted/\(digest)"
        try await fetch(["--depth=1", remote.source.url, "+\(name):\(kept)"], of: remote, in: mirror)
        let output = try await git(["rev-parse", "--verify", "--quiet", "\(kept)^{commit}"], mirror: mirror)
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func fetchEverything(of remote: Remote, in mirror: String) async throws {
        let isShallow = FileManager.default.fileExists(atPath: "\(mirror)/shallow")
        let references = ["+refs/heads/*:refs/all/heads/*", "+refs/tags/*:refs/all/tags/*"]
        try await fetch((isShallow ? ["--unshallow"] : []) + ["--prune", remote.source.url] + references, of: remote, in: mirror)
    }

    private func fetch(_ arguments: [String], of remote: Remote, in mirror: String) async throws {
        let options = ["fetch", "--quiet", "--force", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"]
        try await git(options + arguments, mirror: mirror, remote: remote)
        try await tidy(mirror)
    }

    /// Every fetch adds a pack. Objects that no reference holds any more are kept: a run may still be on that commit.
    private func tidy(_ mirror: String) async throws {
        let packs = try FileManager.default.contentsOfDirectory(atPath: "\(mirror)/objects/pack").count { $0.hasSuffix(".pack") }
        guard packs > 50 else { return }
        try await git(["repack", "-a", "-d", "-k", "-q"], mirror: mirror)
    }

    /// - Returns: The standard output.
    /// - Throws: `GitFailure` when git fails.
    @discardableResult
    func git(
        _ arguments: [String],
        mirror: String?,
        remote: Remote? = nil,
        variables: [String: String] = [:],
        directory: String? = nil
    ) async throws -> Data {
        let environment = try environment.variables(origin: remote?.source.origin, credentials: remote?.credentials)
        let command = ToolCommand(
            executable: "git",
            arguments: (mirror.map { ["--git-dir=\($0)"] } ?? []) + arguments,
            environment: environment.merging(variables) { _, new in new },
            directory: directory ?? root
        )
        let result = try await runner.capture(command, limit: 16 << 20)
        guard result.exit.isSuccess else {
            throw GitFailure(
                code: result.exit.code,
                detail: remote?.credentials?.redacting(result.standardError) ?? result.standardError,
                url: remote?.source.url
            )
        }
        return result.standardOutput
    }
}
