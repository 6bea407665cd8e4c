package import Foundation

/// Finds the Terraform or OpenTofu that a run asks for: on the search path, among those that were downloaded before,
/// or at the publisher's.
package actor BinaryStore {
    package struct Binary: Sendable, Hashable {
        /// The absolute path.
        package let path: String
        package let version: Version
    }

    /// How long a publisher's list of versions is good.
    private static let indexLifetime: TimeInterval = 30 * 60

    private let cacheDirectory: String
    private let searchPath: String
    private let releases: [IaCBinary: URL]
    private let downloader: any ReleaseDownloader
    private let runner: ToolRunner
    private let now: @Sendable () -> Date

    private let locks = KeyedLock<String>()
    private var indexes: [IaCBinary: (index: ReleaseIndex, read: Date)] = [:]
    private var inspected: [String: (fingerprint: String, version: Version?)] = [:]

    /// - Parameters:
    ///   - cacheDirectory: Keeps what was downloaded, as `tool/version/tool`. Server processes may share it.
    ///   - searchPath: A `PATH`, where binaries of this machine and `unzip` are looked for.
    ///   - terraformReleases: An `index.json` as at <https://releases.hashicorp.com/terraform/index.json>.
    ///   - tofuReleases: A list as at <https://api.github.com/repos/opentofu/opentofu/releases>.
    ///   - now: The time; lists are read again after half an hour.
    package init(
        cacheDirectory: String,
        searchPath: String,
        terraformReleases: URL,
        tofuReleases: URL,
        downloader: any ReleaseDownloader,
        runner: ToolRunner = ToolRunner(),
        now: @escaping @Sendable () -> Date
    ) {
        self.cacheDirectory = cacheDirectory
        self.searchPath = searchPath
        releases = [.terraform: terraformReleases, .tofu: tofuReleases]
        self.downloader = downloader
        self.runner = runner
        self.now = now
    }

    /// - Parameter constraint: As `VersionConstraint` reads it.
    /// - Throws: `ToolError`, with a text for the person whose run it is.
    package func binary(_ tool: IaCBinary, constraint: String) async throws -> Binary {
        let constraint = try VersionConstraint(constraint)
        if let binary = try await installed(tool, matching: constraint) ?? kept(tool, matching: constraint) { return binary }
        let index = try await index(of: tool)
        guard let version = constraint.best(from: index.releases.keys), let release = index.releases[version] else {
            throw ToolError.notFound(Self.explanation(tool, constraint, index))
        }
        let path = path(of: tool, version)
        // Those who come second find it there.
        try await locks.withLock(path) {
            if FileManager.default.isExecutableFile(atPath: path) { return }
            try await download(release, of: tool, version)
        }
        return Binary(path: path, version: version)
    }

    // MARK: What is here

    private func installed(_ tool: IaCBinary, matching constraint: VersionConstraint) async throws -> Binary? {
        for folder in searchPath.split(separator: ":") where folder.hasPrefix("/") {
            let path = "\(folder)/\(tool.rawValue)"
            if let version = await version(of: path), constraint.matches(version) { return Binary(path: path, version: version) }
        }
        return nil
    }

    private func kept(_ tool: IaCBinary, matching constraint: VersionConstraint) -> Binary? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(cacheDirectory)/\(tool.rawValue)")) ?? []
        let versions = names.compactMap { Version($0) }.filter { FileManager.default.isExecutableFile(atPath: path(of: tool, $0)) }
        return constraint.best(from: versions).map { Binary(path: path(of: tool, $0), version: $0) }
    }

    private func path(of tool: IaCBinary, _ version: Version) -> String {
        "\(cacheDirectory)/\(tool.rawValue)/\(version)/\(tool.rawValue)"
    }

    /// Asks a binary for its version, once for as long as the file stays the same.
    private func version(of path: String) async -> Version? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: (path as NSString).resolvingSymlinksInPath),
            FileManager.default.isExecutableFile(atPath: path)
        else { return nil }
        let fingerprint = [FileAttributeKey.size, .modificationDate, .systemFileNumber].map { "\(attributes[$0] ?? "")" }.joined(
            separator: "/"
        )
        if let known = inspected[path], known.fingerprint == fingerprint { return known.version }
        let version = await Self.ask(path, runner: runner, searchPath: searchPath)
        inspected[path] = (fingerprint, version)
        return version
    }

    /// Both tools answer `version -json` with `terraform_version`.
    private static func ask(_ path: String, runner: ToolRunner, searchPath: String) async -> Version? {
        struct Answer: Decodable {
            let version: String

            enum CodingKeys: String, CodingKey {
                case version = "terraform_version"
            }
        }
        let command = ToolCommand(
            executable: path,
            arguments: ["version", "-json"],
            environment: ["PATH": searchPath, "CHECKPOINT_DISABLE": "1", "HOME": "/nonexistent"],
            directory: "/"
        )
        guard let output = try? await runner.require(command) else { return nil }
        return (try? JSONDecoder().decode(Answer.self, from: output)).flatMap { Version($0.version) }
    }

    // MARK: What is elsewhere

    private func index(of tool: IaCBinary) async throws -> ReleaseIndex {
        try await locks.withLock("index of \(tool.rawValue)") {
            if let known = indexes[tool], now().timeIntervalSince(known.read) < Self.indexLifetime { return known.index }
            guard let url = releases[tool] else { throw ToolError.unavailable("No address is configured for releases of \(tool.name).") }
            let json = try await downloader.document(at: url, limit: 64 << 20)
            let index =
                switch tool {
                case .terraform: try ReleaseIndex.hashiCorp(json, from: url, platform: .current)
                case .tofu: try ReleaseIndex.gitHub(json, from: url, platform: .current)
                }
            indexes[tool] = (index, now())
            return index
        }
    }

    private func download(_ release: ReleaseIndex.Release, of tool: IaCBinary, _ version: Version) async throws {
        let files = FileManager.default
        let draft = "\(cacheDirectory)/.download-\(UUID().uuidString)"
        try files.createDirectory(atPath: "\(draft)/content", withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: draft) }

        let sums = String(decoding: try await downloader.document(at: release.checksums, limit: 1 << 20), as: UTF8.self)
        guard let expected = Self.checksum(of: release.fileName, in: sums) else {
            throw ToolError.checksumMismatch("\(release.checksums.absoluteString) lists no checksum for \(release.fileName).")
        }
        let actual = try await downloader.file(at: release.archive, to: "\(draft)/archive.zip", limit: 512 << 20)
        guard actual == expected else {
            throw ToolError.checksumMismatch(
                "\(release.archive.absoluteString) is not what its publisher released: its SHA-256 is \(actual), not \(expected)."
            )
        }
        let unzip = ToolCommand(
            executable: "unzip",
            arguments: ["-q", "\(draft)/archive.zip", tool.rawValue, "-d", "\(draft)/content"],
            environment: ["PATH": searchPath],
            directory: draft
        )
        _ = try await runner.require(unzip)
        let binary = "\(draft)/content/\(tool.rawValue)"
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: binary)
        guard await Self.ask(binary, runner: runner, searchPath: searchPath) == version else {
            throw ToolError.unavailable("\(release.archive.absoluteString) does not hold \(tool.name) \(version) for this machine.")
        }
        let final = "\(cacheDirectory)/\(tool.rawValue)/\(version)"
        try files.createDirectory(atPath: "\(cacheDirectory)/\(tool.rawValue)", withIntermediateDirectories: true)
        do {
            try files.moveItem(atPath: "\(draft)/content", toPath: final)
        } catch {
            // Another process was faster.
            guard files.isExecutableFile(atPath: path(of: tool, version)) else { throw error }
        }
    }

    /// Lines of `sha256sum`: the digest, two spaces, the file's name.
    private static func checksum(of fileName: String, in sums: String) -> String? {
        for line in sums.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: " ")
            if fields.count == 2, fields[1] == fileName || fields[1] == "*\(fileName)", fields[0].count == 64 {
                return fields[0].lowercased()
            }
        }
        return nil
    }

    private static func explanation(_ tool: IaCBinary, _ constraint: VersionConstraint, _ index: ReleaseIndex) -> String {
        let newest = index.releases.keys.filter { !$0.isPrerelease }.sorted(by: >).prefix(5).map(\.description)
        guard !newest.isEmpty else { return "No \(tool.name) release for this machine is published where this server looks." }
        return "No published \(tool.name) satisfies \(constraint.text.debugDescription). The newest are \(newest.joined(separator: ", "))."
    }
}
