import Foundation
import Glibc

/// The folder of a source that holds a workspace's configuration, as users write it: `/`, `/live/prod`, `live/prod`.
/// Of a list with commas the first counts; the others only say which changes concern the workspace.
package struct FolderPath: Sendable, Hashable {
    /// Relative to the source, without a slash at either end; empty for the source itself.
    package let relative: String

    /// - Throws: `ToolError.refused` for a folder that leaves the source.
    package init(_ folder: String) throws {
        let first = folder.split(separator: ",", omittingEmptySubsequences: false).first ?? ""
        let parts = first.trimmingCharacters(in: .whitespaces).split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else {
            throw ToolError.refused("The folder \(folder.debugDescription) must not contain \"..\".")
        }
        guard !first.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw ToolError.refused("The folder \(folder.debugDescription) contains control characters.")
        }
        relative = parts.joined(separator: "/")
    }

    /// The folder's absolute path in a source that has been checked out to `root`, with all links resolved.
    ///
    /// - Throws: `ToolError.notFound` when it is not there or not a folder; `ToolError.refused` when a link in the
    ///   source leads out of it.
    package func resolve(in root: String) throws -> String {
        guard let base = Self.realPath(root) else { throw ToolError.notFound("The source folder \(root) does not exist.") }
        guard !relative.isEmpty else { return base }
        guard let path = Self.realPath("\(base)/\(relative)") else {
            throw ToolError.notFound("The folder /\(relative) does not exist in the source.")
        }
        guard path == base || path.hasPrefix(base + "/") else {
            throw ToolError.refused("The folder /\(relative) is a link that leaves the source.")
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw ToolError.notFound("/\(relative) is a file in the source, not a folder.")
        }
        return path
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
