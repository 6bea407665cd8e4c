import Crypto
import Dispatch
import Foundation

/// The hash of a folder as Terraform's dependency lock file has it, `h1:…`: that of Go's `dirhash.Hash1`, a SHA-256
/// over the sorted list of files with the SHA-256 of each, in the notation of `sha256sum`.
package enum PackageHash {
    private static let chunk = 1 << 20

    /// - Throws: When a file cannot be read.
    package static func h1(of folder: String) async throws -> String {
        // Providers have hundreds of megabytes: not on a thread that everything else runs on.
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(with: Result { try hash(folder) })
            }
        }
    }

    private static func hash(_ folder: String) throws -> String {
        var listing = SHA256()
        for name in try files(below: folder) {
            let digest = try digest(of: "\(folder)/\(name)").map { String(format: "%02x", $0) }.joined()
            listing.update(data: Data("\(digest)  \(name)\n".utf8))
        }
        return "h1:" + Data(listing.finalize()).base64EncodedString()
    }

    /// In the order of their bytes.
    private static func files(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isDirectory) && !isDirectory.boolValue
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func digest(of path: String) throws -> SHA256.Digest {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? file.close() }
        var hash = SHA256()
        while let data = try file.read(upToCount: chunk), !data.isEmpty { hash.update(data: data) }
        return hash.finalize()
    }
}
