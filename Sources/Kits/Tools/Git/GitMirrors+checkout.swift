import Foundation

extension GitMirrors {
    /// Submodules below submodules, at most.
    private static let maximumDepth = 8

    /// Writes the files of a commit into a folder, submodules included. The folder shares nothing with the mirror and
    /// is no git repository: what a run does in it stays in it.
    ///
    /// Symbolic links are written as they are; whoever follows one checks where it leads (`FolderPath`). No hook and
    /// no filter runs, so files of Git LFS stay pointers.
    ///
    /// - Parameters:
    ///   - commit: What `resolve` gave. It is fetched when the mirror does not have it.
    ///   - directory: Exists, and is empty.
    /// - Throws: `ToolError`.
    package func checkout(
        _ commit: String,
        of source: GitSource,
        credentials: GitCredentials? = nil,
        into directory: String
    ) async throws {
        try await checkout(commit, of: Remote(source: source, credentials: credentials ?? source.credentials), into: directory, depth: 0)
    }

    private func checkout(_ commit: String, of remote: Remote, into directory: String, depth: Int) async throws {
        let reference = try GitReference(commit)
        guard case .commit(let commit) = reference else { throw ToolError.refused("\(commit.debugDescription) is not a full commit id.") }
        let mirror = mirror(of: remote)
        try await explaining(remote) {
            try await write(commit, of: remote, from: mirror, into: directory)
            for submodule in try await submodules(of: commit, in: mirror, checkedOutTo: directory) {
                try await checkout(submodule, of: remote, into: directory, depth: depth)
            }
        }
    }

    /// Most of the time the commit is here, so that is tried first: one process instead of two.
    private func write(_ commit: String, of remote: Remote, from mirror: String, into directory: String) async throws {
        let hasWritten = (try? await write(commit, from: mirror, into: directory)) != nil
        try Task.checkCancellation()
        if hasWritten { return }
        _ = try await resolve(.commit(commit), of: remote.source, credentials: remote.credentials)
        let generation = generation(of: mirror)
        do {
            try await write(commit, from: mirror, into: directory)
        } catch let failure as GitFailure where failure.cause == .corruptMirror {
            try await locks.withLock(mirror) {
                // Of several runs that stumble over the same broken mirror, one throws it away.
                if self.generation(of: mirror) == generation { discard(mirror) }
            }
            _ = try await resolve(.commit(commit), of: remote.source, credentials: remote.credentials)
            try await write(commit, from: mirror, into: directory)
        }
    }

    /// Files of an index of its own make the work tree: no state is left in the mirror, and no other checkout waits.
    private func write(_ commit: String, from mirror: String, into directory: String) async throws {
        let index = "\(root)/index-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: index) }
        try await git(
            ["--work-tree=\(directory)", "read-tree", "--reset", "-u", "\(commit)^{tree}"],
            mirror: mirror,
            variables: ["GIT_INDEX_FILE": index],
            directory: directory
        )
    }

    private func generation(of mirror: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: mirror))?[.systemFileNumber] as? Int
    }

    private func checkout(_ submodule: GitSubmodule, of parent: Remote, into directory: String, depth: Int) async throws {
        guard depth < Self.maximumDepth else { throw ToolError.refused("The submodules of \(parent.source.url) are nested too deeply.") }
        let source: GitSource
        do {
            source = try parent.source.submodule(url: submodule.url)
        } catch ToolError.refused(let reason) {
            throw ToolError.refused("The submodule \(submodule.path) cannot be fetched. \(reason)")
        }
        let base = try FolderPath("/").resolve(in: directory)
        let path = try FolderPath(submodule.path).resolve(in: directory)
        guard path == "\(base)/\(submodule.path)" else { throw ToolError.refused("The submodule \(submodule.path) lies behind a link.") }
        // Credentials are for one host. A submodule on another one is public or fails.
        let inherited = source.origin == parent.source.origin ? parent.credentials : nil
        let remote = Remote(source: source, credentials: source.credentials ?? inherited)
        try await checkout(submodule.commit, of: remote, into: path, depth: depth + 1)
    }

    /// What `.gitmodules` names and the commit has. It is read from the commit, never from the folder.
    private func submodules(of commit: String, in mirror: String, checkedOutTo directory: String) async throws -> [GitSubmodule] {
        guard FileManager.default.fileExists(atPath: "\(directory)/.gitmodules") else { return [] }
        let configuration = try await git(["config", "--blob", "\(commit):.gitmodules", "-z", "--list"], mirror: mirror)
        let declared = GitSubmodule.declarations(configuration)
        guard !declared.isEmpty else { return [] }
        let tree = try await git(["ls-tree", "--full-tree", "-z", commit, "--"] + declared.map(\.path), mirror: mirror)
        return GitSubmodule.joining(declared, withTree: tree)
    }
}
