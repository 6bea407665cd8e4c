import Foundation
import Glibc
import SystemPackage

/// Packs a configuration folder as the Terraform CLI does for a remote run: what `.terraformignore` excludes stays at
/// home (<https://developer.hashicorp.com/terraform/cli/cloud/settings#exclude-files-from-upload-with-terraformignore>).
package struct ArchiveWriter: Sendable {
    private let runner: ToolRunner
    private let searchPath: String

    /// - Parameter searchPath: Where `gzip` is looked for.
    package init(searchPath: String, runner: ToolRunner = ToolRunner()) {
        self.runner = runner
        self.searchPath = searchPath
    }

    /// Writes a `.tar.gz` of a folder to the file `archive`, which is replaced.
    ///
    /// - Throws: `ToolError.refused` when a link leads out of the folder; `ToolError.notFound` when there is no folder.
    package func tarGzip(directory: String, to archive: String) async throws {
        let tar = "\(archive).tar-\(UUID().uuidString)"
        defer { unlink(tar) }
        try writeTar(of: directory, to: tar)
        let output = try Self.create(archive)
        defer { try? output.close() }
        let command = ToolCommand(
            executable: "gzip",
            arguments: ["-n", "-c"],
            environment: ["PATH": searchPath],
            directory: "/",
            input: .file(tar)
        )
        let result = try await runner.stream(command) { chunk in _ = try output.writeAll(chunk) }
        guard result.exit.isSuccess else {
            throw ToolError.failed(program: "gzip", code: result.exit.code, detail: result.standardError)
        }
    }

    private func writeTar(of directory: String, to path: String) throws {
        guard let base = Self.status(directory), base.st_mode & S_IFMT == S_IFDIR || base.st_mode & S_IFMT == S_IFLNK else {
            throw ToolError.notFound("There is no folder \(directory).")
        }
        let ignore = TerraformIgnore(try? String(contentsOfFile: "\(directory)/.terraformignore", encoding: .utf8))
        let output = try Self.create(path)
        try output.closeAfter {
            try pack("", of: directory, ignoring: ignore, to: output)
            _ = try output.writeAll(TarWriter.trailer)
        }
    }

    private func pack(_ folder: String, of root: String, ignoring ignore: TerraformIgnore, to output: FileDescriptor) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").sorted() {
            let relative = folder.isEmpty ? name : "\(folder)/\(name)"
            let path = "\(root)/\(relative)"
            guard let status = Self.status(path) else { continue }
            let isIgnored = ignore.excludes(relative)
            let modified = Int(status.st_mtim.tv_sec)
            let mode = Int(status.st_mode & 0o777)
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                if !isIgnored {
                    let entry = TarEntry(path: relative + "/", kind: .directory, mode: mode, size: 0)
                    _ = try output.writeAll(TarWriter.header(entry, modified: modified))
                }
                // Something below an excluded folder may be included again, such as `.terraform/modules/`.
                if !isIgnored || ignore.mayIncludeBelow(relative) {
                    try pack(relative, of: root, ignoring: ignore, to: output)
                }
            case S_IFREG where !isIgnored:
                try copy(path, as: relative, mode: mode, modified: modified, to: output)
            case S_IFLNK where !isIgnored:
                let target = try FileManager.default.destinationOfSymbolicLink(atPath: path)
                try checkLink(target, from: relative)
                let entry = TarEntry(path: relative, kind: .symbolicLink(target: target), mode: 0o777, size: 0)
                _ = try output.writeAll(TarWriter.header(entry, modified: modified))
            default: continue
            }
        }
    }

    private func copy(_ path: String, as relative: String, mode: Int, modified: Int, to output: FileDescriptor) throws {
        let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.noFollow, .closeOnExec])
        try file.closeAfter {
            let size = Int(try file.seek(offset: 0, from: .end))
            try file.seek(offset: 0, from: .start)
            _ = try output.writeAll(TarWriter.header(TarEntry(path: relative, kind: .file, mode: mode, size: size), modified: modified))
            var remaining = size
            try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
                while remaining > 0 {
                    let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, remaining)]))
                    guard count > 0 else { throw ToolError.refused("\(relative) was changed while it was packed.") }
                    _ = try output.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                    remaining -= count
                }
            }
            _ = try output.writeAll(TarWriter.padding(for: size))
        }
    }

    private func checkLink(_ target: String, from relative: String) throws {
        var depth = relative.split(separator: "/").count - 1
        for part in target.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            guard depth >= 0 else { break }
        }
        guard !target.hasPrefix("/"), depth >= 0 else {
            throw ToolError.refused("\(relative) is a link to \(target), outside of the folder; it would not work on the server.")
        }
    }

    private static func create(_ path: String) throws -> FileDescriptor {
        try FileDescriptor.open(
            FilePath(path),
            .writeOnly,
            options: [.create, .truncate, .closeOnExec],
            permissions: .ownerReadWrite
        )
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }
}
