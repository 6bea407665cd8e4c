import Foundation
import Testing
import Tools

@testable import Executor

@Suite("The plugin cache")
struct PluginCacheTests {
    private let provider = "registry.terraform.io/acme/thing"

    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "plugins-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    /// As `terraform init` leaves it.
    private func download(_ version: String, content: String, to cache: String) async throws -> String {
        let package = "\(cache)/\(provider)/\(version)/linux_amd64"
        try FileManager.default.createDirectory(atPath: package, withIntermediateDirectories: true)
        try Data(content.utf8).write(to: URL(filePath: "\(package)/terraform-provider-thing"))
        try Data("MIT".utf8).write(to: URL(filePath: "\(package)/LICENSE"))
        return try await PackageHash.h1(of: package)
    }

    private func lock(_ hashes: String...) -> DependencyLock {
        DependencyLock(
            "provider \"\(provider)\" {\n  version = \"1.0.0\"\n  hashes = [\n    \"\(hashes.joined(separator: "\",\n    \""))\",\n  ]\n}\n"
        )
    }

    private func linked(_ cache: String, _ version: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(cache)/\(provider)/\(version)/linux_amd64")
    }

    @Test("what one job downloaded is linked for the next")
    func reuse() async throws {
        try await inFolder { folder in
            let cache = PluginCache(shared: "\(folder)/shared")
            let hash = try await download("1.0.0", content: "binary", to: "\(folder)/one")
            try await cache.collect(from: "\(folder)/one", lock: lock("zh:other", hash))
            try cache.offer(to: "\(folder)/two", lock: nil)
            #expect(linked("\(folder)/two", "1.0.0") == "\(folder)/shared/\(provider)/1.0.0/linux_amd64")
            #expect(FileManager.default.fileExists(atPath: "\(folder)/two/\(provider)/1.0.0/linux_amd64/terraform-provider-thing"))
        }
    }

    @Test("a package that the repository's lock file does not name is not offered: Terraform would unpack over it")
    func lockFile() async throws {
        try await inFolder { folder in
            let cache = PluginCache(shared: "\(folder)/shared")
            let hash = try await download("1.0.0", content: "binary", to: "\(folder)/one")
            try await cache.collect(from: "\(folder)/one", lock: lock(hash))
            try cache.offer(to: "\(folder)/foreign", lock: lock("h1:of-another-platform="))
            #expect(linked("\(folder)/foreign", "1.0.0") == nil)
            try cache.offer(to: "\(folder)/own", lock: lock("h1:of-another-platform=", hash))
            #expect(linked("\(folder)/own", "1.0.0") != nil)
        }
    }

    @Test("a package whose hash Terraform did not write down is not shared")
    func unknownHash() async throws {
        try await inFolder { folder in
            let cache = PluginCache(shared: "\(folder)/shared")
            _ = try await download("1.0.0", content: "tampered", to: "\(folder)/one")
            try await cache.collect(from: "\(folder)/one", lock: lock("h1:of-the-original="))
            try await cache.collect(from: "\(folder)/one", lock: nil)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/shared"))
        }
    }

    @Test("the second of two downloads leaves the first alone")
    func race() async throws {
        try await inFolder { folder in
            let cache = PluginCache(shared: "\(folder)/shared")
            let first = try await download("1.0.0", content: "first", to: "\(folder)/one")
            let second = try await download("1.0.0", content: "second", to: "\(folder)/two")
            try await cache.collect(from: "\(folder)/one", lock: lock(first))
            try await cache.collect(from: "\(folder)/two", lock: lock(second))
            let shared = "\(folder)/shared/\(provider)/1.0.0/linux_amd64/terraform-provider-thing"
            #expect(try String(contentsOfFile: shared, encoding: .utf8) == "first")
        }
    }

    @Test("the hash is that of sha256sum's listing")
    func hash() async throws {
        try await inFolder { folder in
            let hash = try await download("1.0.0", content: "binary", to: folder)
            let script =
                "cd '\(folder)/\(provider)/1.0.0/linux_amd64' && sha256sum LICENSE terraform-provider-thing | sha256sum | xxd -r -p | base64"
            let command = ToolCommand(
                executable: "bash",
                arguments: ["-c", script],
                environment: ["PATH": "/usr/bin:/bin"],
                directory: "/"
            )
            let output = String(decoding: try await ToolRunner().require(command), as: UTF8.self)
            #expect("h1:" + output.trimmingCharacters(in: .whitespacesAndNewlines) == hash)
        }
    }
}
