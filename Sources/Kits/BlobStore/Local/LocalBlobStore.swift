package import Foundation
import Glibc
package import NIOPosix

/// Objects as files below one directory, readable by this user only.
///
/// A write goes to a temporary file, is synced, renamed into place, and the directory is synced: after a crash there
/// is the old object or the new one, never a part of either.
package struct LocalBlobStore: BlobStore {
    private let directory: String
    private let threads: NIOThreadPool

    /// - Parameters:
    ///   - directory: Made when it is not there.
    ///   - threads: Where the blocking calls run, off the event loops.
    package init(directory: String, threads: NIOThreadPool = .singleton) throws {
        let path = URL(fileURLWithPath: directory).standardizedFileURL.path
        self.directory = path
        self.threads = threads
        try makeDirectory(path)
    }

    package func put(_ data: Data, at key: String) async throws {
        let path = try path(of: key)
        try await threads.runIfActive { try write(data, to: path) }
    }

    package func get(_ key: String) async throws -> Data? {
        let path = try path(of: key)
        return try await threads.runIfActive {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue == false else {
                return nil
            }
            return try Data(contentsOf: URL(fileURLWithPath: path))
        }
    }

    package func delete(_ key: String) async throws {
        let path = try path(of: key)
        try await threads.runIfActive {
            if unlink(path) != 0, errno != ENOENT { throw systemError("delete \(key)") }
        }
    }

    private func path(of key: String) throws -> String {
        let segments = key.split(separator: "/", omittingEmptySubsequences: false)
        let isGood = segments.allSatisfy { segment in
            segment.isEmpty == false && segment != "." && segment != ".." && segment.unicodeScalars.allSatisfy { $0.value >= 0x20 }
        }
        guard isGood else { throw BlobStoreError.badKey(key) }
        return "\(directory)/\(key)"
    }
}

private func write(_ data: Data, to path: String) throws {
    let parent = (path as NSString).deletingLastPathComponent
    try makeDirectory(parent)
    let temporary = "\(path).\(UUID().uuidString).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw systemError("create") }
    do {
        try writeAll(data, to: descriptor)
        guard fsync(descriptor) == 0 else { throw systemError("sync") }
    } catch {
        close(descriptor)
        unlink(temporary)
        throw error
    }
    close(descriptor)
    guard rename(temporary, path) == 0 else {
        let failure = systemError("rename")
        unlink(temporary)
        throw failure
    }
    try sync(directory: parent)
}

private func writeAll(_ data: Data, to descriptor: Int32) throws {
    try data.withUnsafeBytes { bytes in
        var rest = bytes[...]
        while rest.isEmpty == false {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw systemError("write")
            }
            rest = rest.dropFirst(count)
        }
    }
}

private func sync(directory: String) throws {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemError("open directory") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw systemError("sync directory") }
}

/// Makes a directory and those above it. Each new one is synced into its parent, or a crash could lose it with all that
/// was synced inside of it.
private func makeDirectory(_ path: String) throws {
    if mkdir(path, 0o700) == 0 { return try sync(directory: (path as NSString).deletingLastPathComponent) }
    switch errno {
    case EEXIST:
        return
    case ENOENT:
        let parent = (path as NSString).deletingLastPathComponent
        guard parent.isEmpty == false, parent != path else { throw systemError("make directory") }
        try makeDirectory(parent)
        try makeDirectory(path)
    default:
        throw systemError("make directory")
    }
}

private func systemError(_ action: String) -> BlobStoreError {
    .unavailable("cannot \(action): \(String(cString: strerror(errno)))")
}
