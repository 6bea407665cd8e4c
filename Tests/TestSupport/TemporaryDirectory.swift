package import Foundation

/// Runs `body` with a new, empty directory that is removed afterwards.
@discardableResult
package func withTemporaryDirectory<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "terrakube-test-\(UUID().uuidString.lowercased())")
    try FileManager.default.createDirectory(
        at: directory,
        withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700]
    )
    // What cannot be removed (a test may have taken rights away) is no reason to fail.
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory)
}
