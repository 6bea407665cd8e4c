import Foundation
import Glibc
import SystemPackage

/// Writes what a `TarReader` finds below a folder, and refuses what would land elsewhere.
struct Extraction {
    private let root: String
    private let limits: ArchiveExtractor.Limits
    private var reader = TarReader()
    private var entries = 0
    private var bytes = 0
    private var file: OpenFile?
    /// Folders get their permissions at the end: a read-only one could not be filled.
    private var directoryModes: [(path: String, mode: Int)] = []

    private final class OpenFile {
        let descriptor: FileDescriptor
        init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }
        deinit { try? descriptor.close() }
    }

    init(root: String, limits: ArchiveExtractor.Limits) throws {
        self.root = root
        self.limits = limits
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    mutating func feed(_ chunk: Data) throws {
        var reader = reader
        try reader.feed(chunk) { event in
            switch event {
            case .entry(let entry): try begin(entry)
            case .content(let data): _ = try file?.descriptor.writeAll(data)
            }
        }
        self.reader = reader
    }

    mutating func finish() throws {
        try reader.finish()
        file = nil
        for (path, mode) in directoryModes.reversed() { chmod(path, mode_t(mode)) }
    }

    private mutating func begin(_ entry: TarEntry) throws {
        file = nil
        entries += 1
        guard entries <= limits.entries else { throw ToolError.invalidArchive("The archive has more than \(limits.entries) members.") }
        let (size, overflow) = bytes.addingReportingOverflow(entry.size)
        guard !overflow, size <= limits.bytes else {
            throw ToolError.invalidArchive("The archive unpacks to more than \(limits.bytes) bytes.")
        }
        bytes = size
        let parts = try Self.parts(entry.path)
        guard let name = parts.last else {
            guard entry.kind == .directory else {
                throw ToolError.invalidArchive("The archive would replace the folder it is unpacked to.")
            }
            return
        }
        let parent = try makeParent(parts.dropLast(), of: entry.path)
        let path = "\(parent)/\(name)"
        switch entry.kind {
        case .directory:
            if Self.kind(of: path) != S_IFDIR {
                try Self.remove(path)
                guard mkdir(path, 0o755) == 0 else { throw Self.failure(entry.path) }
            }
            directoryModes.append((path, entry.mode & 0o777 | 0o700))
        case .file:
            try Self.remove(path)
            let permissions = FilePermissions(rawValue: CModeT(entry.mode & 0o777 | 0o600))
            let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate, .noFollow, .closeOnExec]
            file = OpenFile(try FileDescriptor.open(FilePath(path), .writeOnly, options: options, permissions: permissions))
        case .symbolicLink(let target):
            try Self.check(target: target, depth: parts.count - 1, of: entry.path)
            try Self.remove(path)
            guard symlink(target, path) == 0 else { throw Self.failure(entry.path) }
        case .hardLink(let target):
            let targetParts = try Self.parts(target)
            let original = try makeParent(targetParts.dropLast(), of: target) + "/" + (targetParts.last ?? ".")
            guard Self.kind(of: original) == S_IFREG else {
                throw ToolError.invalidArchive("\(entry.path) is a hard link to \(target), which is not a file of the archive.")
            }
            guard original != path else { return }
            try Self.remove(path)
            guard link(original, path) == 0 else { throw Self.failure(entry.path) }
        case .other:
            throw ToolError.invalidArchive("\(entry.path) is neither a file, a folder nor a link.")
        }
    }

    /// The names in a path, without `.`; empty for the folder itself.
    private static func parts(_ path: String) throws -> [String] {
        guard !path.hasPrefix("/") else { throw ToolError.invalidArchive("\(path.debugDescription) is an absolute path.") }
        let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !parts.contains(".."), !path.contains("\0") else {
            throw ToolError.invalidArchive("\(path.debugDescription) leads out of the archive.")
        }
        return parts
    }

    /// Creates the folders down to a member. None may be a link, or a member could be written through it.
    private func makeParent(_ parts: some Sequence<String>, of member: String) throws -> String {
        var path = root
        for part in parts {
            path += "/\(part)"
            switch Self.kind(of: path) {
            case S_IFDIR: continue
            case nil: guard mkdir(path, 0o755) == 0 else { throw Self.failure(member) }
            default: throw ToolError.invalidArchive("\(member.debugDescription) would be written through a link or a file.")
            }
        }
        return path
    }

    /// A link may climb at its beginning, as high as the archive's own root, and then only go down. With that rule no
    /// chain of links leaves the root: each one starts in a real folder, and what it meets on the way obeys the rule.
    private static func check(target: String, depth: Int, of member: String) throws {
        let parts = target.split(separator: "/").filter { $0 != "." }
        let climbs = parts.prefix { $0 == ".." }.count
        guard !target.hasPrefix("/"), !target.isEmpty, climbs <= depth, !parts.dropFirst(climbs).contains("..") else {
            throw ToolError.invalidArchive(
                "\(member.debugDescription) is a link to \(target.debugDescription), which may lead out of the archive."
            )
        }
    }

    private static func kind(of path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// A later member replaces an earlier one of the same name, but never a folder.
    private static func remove(_ path: String) throws {
        guard let kind = kind(of: path) else { return }
        guard kind != S_IFDIR, unlink(path) == 0 else { throw ToolError.invalidArchive("\(path) is there twice, once as a folder.") }
    }

    private static func failure(_ member: String) -> ToolError {
        .invalidArchive("\(member.debugDescription) could not be written: \(Errno(rawValue: errno))")
    }
}
