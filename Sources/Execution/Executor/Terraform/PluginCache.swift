import Foundation
import Glibc
import Tools

/// Providers that were downloaded once, for all jobs of this executor.
///
/// Terraform unpacks providers into its `plugin_cache_dir` in place, so two inits must not share one. Each job has a
/// cache directory of its own instead: it begins with links to the shared packages, and what the job downloaded moves
/// to the shared cache when the job is over, by a rename. Nothing waits, nothing ever changes under a running provider, and a
/// configuration without providers pays for one listing of a folder.
///
/// Terraform would also unpack *through* a link when it does not accept the linked package. So only packages that it
/// will accept are linked: those whose hash the lock file of the repository names, and those of providers that it does
/// not name at all. For the latter, `plugin_cache_may_break_dependency_lock_file` is set.
///
/// Jobs run with the executor's own rights, so this keeps apart mistakes, not attackers.
struct PluginCache: Sendable {
    /// The shared folder, laid out as `host/namespace/type/version/platform`; beside each package lies a file with
    /// its hash, `platform.h1`.
    let shared: String

    private static let hashSuffix = ".h1"

    /// Fills a job's own cache before `init`.
    ///
    /// - Parameter lock: What the repository brought along, if anything.
    func offer(to cache: String, lock: DependencyLock?) throws {
        try PrivateFile.makeDirectory(cache)
        for package in Self.packages(in: shared) {
            if let accepted = lock?.hashes[package.provider] {
                guard let hash = try? String(contentsOfFile: package.path(in: shared) + Self.hashSuffix, encoding: .utf8),
                    accepted.contains(hash)
                else { continue }
            }
            let link = package.path(in: cache)
            guard !PrivateFile.exists(link) else { continue }
            try PrivateFile.makeDirectory(package.parent(in: cache))
            symlink(package.path(in: shared), link)
        }
    }

    /// Moves what a job downloaded to the shared cache, after everything of the job has ended. A package whose hash
    /// Terraform did not write down stays where it is, and goes with the job's directory.
    func collect(from cache: String, lock: DependencyLock?) async throws {
        for package in Self.packages(in: cache) where PrivateFile.isRealDirectory(package.path(in: cache)) {
            let target = package.path(in: shared)
            guard !PrivateFile.exists(target) else { continue }
            let hash = try await PackageHash.h1(of: package.path(in: cache))
            guard lock?.hashes[package.provider]?.contains(hash) == true else { continue }
            try PrivateFile.makeDirectory(package.parent(in: shared))
            try PrivateFile.write(hash, to: target + Self.hashSuffix)
            // When another job was faster, this fails, and its package is as good.
            rename(package.path(in: cache), target)
        }
    }

    private struct Package {
        let provider: String
        let version: String
        let platform: String

        func parent(in root: String) -> String { "\(root)/\(provider)/\(version)" }
        func path(in root: String) -> String { "\(parent(in: root))/\(platform)" }
    }

    private static func packages(in root: String) -> [Package] {
        names(in: root).flatMap { host in
            names(in: "\(root)/\(host)").flatMap { namespace in
                names(in: "\(root)/\(host)/\(namespace)").flatMap { type in
                    versions(of: "\(host)/\(namespace)/\(type)", in: root)
                }
            }
        }
    }

    private static func versions(of provider: String, in root: String) -> [Package] {
        names(in: "\(root)/\(provider)").flatMap { version in
            names(in: "\(root)/\(provider)/\(version)").filter { !$0.hasSuffix(hashSuffix) }.map { platform in
                Package(provider: provider, version: version, platform: platform)
            }
        }
    }

    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
}
