import AsyncHTTPClient
import Crypto
import Foundation
import TestSupport
import Testing

@testable import Tools

@Suite("Binaries")
struct BinaryStoreTests {
    private static let path = "/usr/bin:/bin"
    private let runner = ToolRunner()
    private let platform = Platform.current

    /// A program that says which version it is.
    private func program(_ version: String) -> String {
        "#!/bin/sh\necho '{\"terraform_version\": \"\(version)\"}'\n"
    }

    private func write(_ text: String, to path: String) throws {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    private func zip(_ tool: IaCBinary, _ content: String) async throws -> Data {
        try await withTemporaryDirectory { directory in
            try write(content, to: directory.path + "/\(tool)")
            let script = "import shutil, sys; shutil.make_archive('out', 'zip', '.', sys.argv[1])"
            let command = ToolCommand(
                executable: "python3",
                arguments: ["-c", script, "\(tool)"],
                environment: ["PATH": Self.path],
                directory: directory.path
            )
            _ = try await runner.require(command)
            return try Data(contentsOf: directory.appending(path: "out.zip"))
        }
    }

    private func digest(_ data: Data) -> String {
        SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined()
    }

    private func publish(_ versions: [String], of tool: IaCBinary = .terraform, on server: FileServer, damaged: Bool = false) async throws {
        var entries: [String] = []
        for version in versions {
            let data = try await zip(tool, program(version))
            let name = "\(tool)_\(version)_\(platform.os)_\(platform.arch).zip"
            try server.write(damaged ? data + Data([0]) : data, to: "\(tool)/\(version)/\(name)")
            try server.write(Data("\(digest(data))  \(name)\n".utf8), to: "\(tool)/\(version)/\(tool)_\(version)_SHA256SUMS")
            let base = "\(server.url)/\(tool)/\(version)"
            switch tool {
            case .terraform:
                entries.append(
                    """
                    "\(version)": {"name": "terraform", "version": "\(version)", "shasums": "terraform_\(version)_SHA256SUMS", "builds": [
                    {"os": "plan9", "arch": "amd64", "filename": "no.zip", "url": "\(base)/no.zip"},
                    {"os": "\(platform.os)", "arch": "\(platform.arch)", "filename": "\(name)", "url": "\(base)/\(name)"}]}
                    """
                )
            case .tofu:
                entries.append(
                    """
                    {"name": "v\(version)", "tag_name": "v\(version)", "assets": [
                    {"name": "tofu_\(version)_SHA256SUMS", "browser_download_url": "\(base)/tofu_\(version)_SHA256SUMS"},
                    {"name": "\(name)", "browser_download_url": "\(base)/\(name)"}]}
                    """
                )
            }
        }
        let list = entries.joined(separator: ",")
        try server.write(
            Data((tool == .terraform ? "{\"name\": \"terraform\", \"versions\": {\(list)}}" : "[\(list)]").utf8),
            to: "\(tool).json"
        )
    }

    private func withStore<Result: Sendable>(
        searchPath: String = BinaryStoreTests.path,
        clock: Shared<Date> = Shared(Date(timeIntervalSince1970: 0)),
        _ body: (BinaryStore, FileServer, URL) async throws -> Result
    ) async throws -> Result {
        try await FileServer.with { server in
            try await withTemporaryDirectory { directory in
                let store = BinaryStore(
                    cacheDirectory: directory.path,
                    searchPath: searchPath,
                    terraformReleases: try #require(URL(string: "\(server.url)/terraform.json")),
                    tofuReleases: try #require(URL(string: "\(server.url)/tofu.json")),
                    downloader: HTTPReleaseDownloader(client: .shared),
                    now: { clock.value }
                )
                return try await body(store, server, directory)
            }
        }
    }

    @Test("the newest satisfying release is downloaded, verified, kept and used again", arguments: IaCBinary.allCases)
    func download(tool: IaCBinary) async throws {
        try await withStore { store, server, directory in
            try await publish(["1.8.0", "1.9.0", "1.9.8", "1.10.0-rc1", "2.0.0"], of: tool, on: server)
            let binary = try await store.binary(tool, constraint: "~> 1.9")
            #expect(binary.version == Version(1, 9, 8))
            #expect(binary.path == "\(directory.path)/\(tool)/1.9.8/\(tool)")
            #expect(FileManager.default.isExecutableFile(atPath: binary.path))
            let count = server.requests.count
            #expect(try await store.binary(tool, constraint: "1.9.x") == binary)
            #expect(server.requests.count == count)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["\(tool)"])
        }
    }

    @Test("callers at the same time share one download")
    func shared() async throws {
        try await withStore { store, server, _ in
            try await publish(["1.9.8"], on: server)
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await store.binary(.terraform, constraint: "1.9.8").path } }
                var paths: Set<String> = []
                for try await path in group { paths.insert(path) }
                #expect(paths.count == 1)
            }
            #expect(server.requests.count { $0.hasSuffix(".zip") } == 1)
            #expect(server.requests.count { $0.hasSuffix(".json") } == 1)
        }
    }

    @Test("what is not what was published is neither run nor kept")
    func mismatch() async throws {
        try await withStore { store, server, directory in
            try await publish(["1.9.8"], on: server, damaged: true)
            await #expect {
                try await store.binary(.terraform, constraint: "1.9.8")
            } throws: { error in
                if case ToolError.checksumMismatch = error { true } else { false }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
            try server.write(Data("0000  other.zip\n".utf8), to: "terraform/1.9.8/terraform_1.9.8_SHA256SUMS")
            await #expect(throws: ToolError.self) { try await store.binary(.terraform, constraint: "1.9.8") }
        }
    }

    @Test("a binary on the search path is used, and asked for its version once")
    func installed() async throws {
        try await withTemporaryDirectory { programs in
            let asked = programs.path + "/asked"
            let terraform = programs.path + "/terraform"
            try write("#!/bin/sh\necho x >> \(asked)\necho '{\"terraform_version\": \"1.11.4\"}'\n", to: terraform)
            try await withStore(searchPath: "\(programs.path):\(Self.path)") { store, server, _ in
                try await publish(["1.9.8", "1.12.0"], on: server)
                for _ in 0..<3 {
                    #expect(
                        try await store.binary(.terraform, constraint: ">= 1.10")
                            == BinaryStore.Binary(path: terraform, version: Version(1, 11, 4))
                    )
                }
                #expect(server.requests.isEmpty)
                #expect(try String(contentsOfFile: asked, encoding: .utf8) == "x\n")
                #expect(try await store.binary(.terraform, constraint: "1.9.8").version == Version(1, 9, 8))
                // A replaced file is asked anew.
                try write(program("1.12.1"), to: terraform)
                #expect(try await store.binary(.terraform, constraint: ">= 1.12").version == Version(1, 12, 1))
            }
        }
    }

    @Test("the list of releases is read again after half an hour")
    func lifetime() async throws {
        let clock = Shared(Date(timeIntervalSince1970: 1_000_000))
        try await withStore(clock: clock) { store, server, _ in
            try await publish(["1.9.8"], on: server)
            await #expect(throws: ToolError.notFound(#"No published Terraform satisfies "~> 1.12". The newest are 1.9.8."#)) {
                try await store.binary(.terraform, constraint: "~> 1.12")
            }
            try await publish(["1.9.8", "1.12.0"], on: server)
            clock.update { $0 += 29 * 60 }
            await #expect(throws: ToolError.self) { try await store.binary(.terraform, constraint: "~> 1.12") }
            clock.update { $0 += 2 * 60 }
            #expect(try await store.binary(.terraform, constraint: "~> 1.12").version == Version(1, 12, 0))
        }
    }

    @Test("an unreachable publisher, a broken list and a missing unzip are named")
    func failures() async throws {
        try await withStore { store, server, _ in
            await #expect(throws: ToolError.unavailable("\(server.url)/terraform.json answered 404 Not Found.")) {
                try await store.binary(.terraform, constraint: "1.9.8")
            }
            try server.write(Data("<html>".utf8), to: "terraform.json")
            await #expect(throws: ToolError.unavailable("\(server.url)/terraform.json is not an index of releases.")) {
                try await store.binary(.terraform, constraint: "1.9.8")
            }
        }
        try await withStore(searchPath: "/nonexistent") { store, server, _ in
            try await publish(["1.9.8"], on: server)
            await #expect(throws: ToolError.missingProgram("unzip")) { try await store.binary(.terraform, constraint: "1.9.8") }
        }
    }
}
