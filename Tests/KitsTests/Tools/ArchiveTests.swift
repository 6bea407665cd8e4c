import Foundation
import TestSupport
import Testing

@testable import Tools

@Suite("Archives")
struct ArchiveTests {
    private static let path = "/usr/bin:/bin"
    private let runner = ToolRunner()

    /// Packs entries, hostile ones too, as a `.tar.gz`.
    private func archive(_ entries: [(TarEntry, Data)], trailer: Bool = true) async throws -> Data {
        var tar = Data()
        for (entry, content) in entries { tar += TarWriter.header(entry, modified: 0) + content + TarWriter.padding(for: content.count) }
        return try await gzip(tar + (trailer ? TarWriter.trailer : Data()))
    }

    private func gzip(_ data: Data) async throws -> Data {
        try await runner.require(
            ToolCommand(executable: "gzip", arguments: ["-c"], environment: ["PATH": Self.path], directory: "/", standardInput: data),
            limit: 64 << 20
        )
    }

    private func file(_ path: String, _ text: String = "x", mode: Int = 0o644) -> (TarEntry, Data) {
        (TarEntry(path: path, kind: .file, mode: mode, size: text.utf8.count), Data(text.utf8))
    }

    private func link(_ path: String, _ target: String) -> (TarEntry, Data) {
        (TarEntry(path: path, kind: .symbolicLink(target: target), mode: 0o777, size: 0), Data())
    }

    private func extract(_ archive: Data, limits: ArchiveExtractor.Limits = .init(), into root: String) async throws {
        try await ArchiveExtractor(searchPath: Self.path, limits: limits).extract(.data(archive), into: root)
    }

    private func expectRefusal(_ entries: [(TarEntry, Data)], limits: ArchiveExtractor.Limits = .init(), _ comment: Comment? = nil)
        async throws
    {
        let data = try await archive(entries)
        try await withTemporaryDirectory { directory in
            await #expect(comment) {
                try await extract(data, limits: limits, into: directory.appending(path: "a/b/root").path)
            } throws: { error in
                if case ToolError.invalidArchive = error { true } else { false }
            }
            let outside = try FileManager.default.subpathsOfDirectory(atPath: directory.path).filter {
                !$0.hasPrefix("a/b/root") && $0 != "a" && $0 != "a/b"
            }
            #expect(outside.isEmpty)
        }
    }

    @Test(
        "what tar packs is unpacked: modes, links, long and foreign names, in every format",
        arguments: ["ustar", "pax", "gnu", "v7", "oldgnu"]
    )
    func roundTrip(format: String) async throws {
        try await withTemporaryDirectory { directory in
            let source = directory.appending(path: "source").path
            let long = format == "v7" ? "short" : String(repeating: "l", count: 90) + "/" + String(repeating: "m", count: 90)
            let files = FileManager.default
            try files.createDirectory(atPath: "\(source)/\(long)", withIntermediateDirectories: true)
            try "deep".write(toFile: "\(source)/\(long)/f.tf", atomically: true, encoding: .utf8)
            try Data(count: 1_000_000).write(to: URL(filePath: "\(source)/big"))
            try Data().write(to: URL(filePath: "\(source)/empty"))
            try "#!/bin/sh".write(toFile: "\(source)/run.sh", atomically: true, encoding: .utf8)
            try "ü".write(toFile: "\(source)/größe.tf", atomically: true, encoding: .utf8)
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(source)/run.sh")
            try files.createSymbolicLink(atPath: "\(source)/link", withDestinationPath: "run.sh")
            try files.createDirectory(atPath: "\(source)/locked", withIntermediateDirectories: true)
            try "in".write(toFile: "\(source)/locked/in.tf", atomically: true, encoding: .utf8)
            try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: "\(source)/locked")
            try files.linkItem(atPath: "\(source)/run.sh", toPath: "\(source)/same.sh")
            let tar = ToolCommand(
                executable: "tar",
                arguments: ["--format=\(format)", "-czf", "-", "."],
                environment: ["PATH": Self.path],
                directory: source
            )
            let data = try await runner.require(tar, limit: 10 << 20)
            let root = directory.appending(path: "root").path
            try await extract(data, into: root)
            let difference = ToolCommand(
                executable: "diff",
                arguments: ["-r", "--no-dereference", source, root],
                environment: ["PATH": Self.path],
                directory: "/"
            )
            #expect(try await runner.capture(difference, limit: 1 << 16).exit.isSuccess)
            #expect(files.isExecutableFile(atPath: "\(root)/run.sh"))
            #expect(try files.destinationOfSymbolicLink(atPath: "\(root)/link") == "run.sh")
        }
    }

    @Test("members that would land elsewhere are refused")
    func traversal() async throws {
        for path in ["../x", "a/../../x", "/tmp/x", "a/..", "..", "/", "./../x"] { try await expectRefusal([file(path)], "\(path)") }
        for target in ["/etc/passwd", "../x", "../../x", "a/../../x", "a/..", ""] {
            try await expectRefusal([link("l", target)], "\(target)")
        }
        try await expectRefusal([link("l", "."), file("l/x")], "through a link")
        try await expectRefusal([link("d/m", "."), link("l", "d/m/../.."), file("x")], "a chain of links")
        try await expectRefusal([file("f"), file("f/x")], "through a file")
        let hard = TarEntry(path: "h", kind: .hardLink(target: "../../secret"), mode: 0o644, size: 0)
        try await expectRefusal([(hard, Data())], "a hard link outwards")
        let onLink = TarEntry(path: "h", kind: .hardLink(target: "l"), mode: 0o644, size: 0)
        try await expectRefusal([file("f"), link("l", "f"), (onLink, Data())], "a hard link to a link")
    }

    @Test("a file replaces a link instead of writing through it")
    func replacedLink() async throws {
        try await withTemporaryDirectory { directory in
            let data = try await archive([file("target", "old"), link("l", "target"), file("l", "new")])
            try await extract(data, into: directory.path)
            #expect(try String(contentsOf: directory.appending(path: "target"), encoding: .utf8) == "old")
            #expect(try String(contentsOf: directory.appending(path: "l"), encoding: .utf8) == "new")
        }
    }

    @Test("a link that stays inside is kept", arguments: [("a/b/l", "../../x"), ("a/l", "../c/x"), ("l", "./c/x"), ("a/l", "dangling")])
    func insideLink(path: String, target: String) async throws {
        let data = try await archive([file("x"), file("c/x"), link(path, target)])
        try await withTemporaryDirectory { directory in
            try await extract(data, into: directory.path)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory.path + "/" + path) == target)
        }
    }

    @Test("devices and set-user-id bits do not come out")
    func special() async throws {
        let data = try await archive([file("tool", mode: 0o6755)])
        try await withTemporaryDirectory { directory in
            try await extract(data, into: directory.path)
            let mode = try FileManager.default.attributesOfItem(atPath: directory.path + "/tool")[.posixPermissions] as? Int
            #expect(mode.map { $0 & 0o6000 } == 0)
            var device = TarWriter.header(TarEntry(path: "dev", kind: .file, mode: 0o644, size: 0), modified: 0)
            // The type, and what that adds to the checksum.
            device[156] = UInt8(ascii: "3")
            device.replaceSubrange(
                148..<154,
                with: Data(
                    String(format: "%06o", device.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) })
                        .utf8
                )
            )
            device[154] = 0
            let hostile = try await gzip(device + TarWriter.trailer)
            await #expect(throws: ToolError.invalidArchive("dev is neither a file, a folder nor a link.")) {
                try await extract(hostile, into: directory.path)
            }
        }
    }

    @Test("bombs are stopped by size and by number")
    func bombs() async throws {
        let zeros = Data(count: 3_000_000)
        try await expectRefusal(
            [(TarEntry(path: "big", kind: .file, mode: 0o644, size: zeros.count), zeros)],
            limits: .init(bytes: 2_000_000),
            "one large file"
        )
        try await expectRefusal((0..<20).map { file("f\($0)") }, limits: .init(entries: 10), "many files")
        // The header promises more than the stream has: refused before anything is written.
        try await expectRefusal([(TarEntry(path: "huge", kind: .file, mode: 0o644, size: 1 << 45), Data())], "a promised terabyte")
    }

    @Test("a damaged archive is refused wherever it is cut")
    func truncated() async throws {
        let whole = try await archive([file("a", String(repeating: "a", count: 2000)), file("b", String(repeating: "b", count: 2000))])
        try await withTemporaryDirectory { directory in
            for count in stride(from: 0, to: whole.count - 1, by: 7) {
                await #expect(throws: ToolError.self, "cut at \(count)") { try await extract(whole.prefix(count), into: directory.path) }
            }
            await #expect(throws: ToolError.self) { try await extract(Data("not gzip at all".utf8), into: directory.path) }
            let noise = try await gzip(Data(repeating: 7, count: 2048))
            await #expect(throws: ToolError.self) { try await extract(noise, into: directory.path) }
            let short = try await archive([(TarEntry(path: "a", kind: .file, mode: 0o644, size: 5000), Data(count: 100))], trailer: false)
            await #expect(throws: ToolError.invalidArchive("The archive is cut off.")) { try await extract(short, into: directory.path) }
        }
    }

    @Test("what the writer packs, tar and the extractor read, without what is ignored")
    func writer() async throws {
        try await withTemporaryDirectory { directory in
            let source = directory.appending(path: "source").path
            let long = String(repeating: "d", count: 120) + "/ö.tf"
            let names = [
                "main.tf", ".git/config", ".terraform/providers/p", ".terraform/modules/m/main.tf", "terraform.tfstate", "secret.tfvars",
                "docs/a.md",
                "docs/keep.md", "x/secret.tfvars", "build/out", "x/build/out", long,
            ]
            for name in names {
                let file = URL(filePath: "\(source)/\(name)")
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try name.write(to: file, atomically: true, encoding: .utf8)
            }
            try FileManager.default.createSymbolicLink(atPath: "\(source)/x/l", withDestinationPath: "../main.tf")
            try "# mine\n*.tfvars\ndocs/*\n!docs/keep.md\n/build/\n".write(
                toFile: "\(source)/.terraformignore",
                atomically: true,
                encoding: .utf8
            )
            let archive = directory.appending(path: "a.tar.gz").path
            try await ArchiveWriter(searchPath: Self.path).tarGzip(directory: source, to: archive)
            let root = directory.appending(path: "root").path
            try await ArchiveExtractor(searchPath: Self.path).extract(.file(archive), into: root)
            let unpacked = try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
                var isDirectory: ObjCBool = false
                return FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isDirectory) && !isDirectory.boolValue
            }
            let expected = [
                ".terraformignore", "main.tf", ".terraform/modules/m/main.tf", "terraform.tfstate", "docs/keep.md", "x/build/out", "x/l",
                long,
            ]
            #expect(Set(unpacked) == Set(expected))
            let tar = ToolCommand(
                executable: "tar",
                arguments: ["-tzf", archive],
                environment: ["PATH": Self.path, "LC_ALL": "C.UTF-8"],
                directory: "/"
            )
            #expect(String(decoding: try await runner.require(tar), as: UTF8.self).contains("\(long)\n"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["a.tar.gz", "root", "source"])

            try FileManager.default.createSymbolicLink(atPath: "\(source)/out", withDestinationPath: "../../x")
            await #expect(throws: ToolError.self) { try await ArchiveWriter(searchPath: Self.path).tarGzip(directory: source, to: archive) }
        }
    }
}
