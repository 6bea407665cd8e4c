package import Foundation

/// Where whole objects are kept: state versions, plans, logs, uploaded configurations.
///
/// Keys are paths of plain segments, such as `tfstate/<organization>/<workspace>/state/<version>.raw.json`.
package protocol BlobStore: Sendable {
    /// Stores the object, replacing what was there. Durable when it returns: it survives the loss of power.
    func put(_ data: Data, at key: String) async throws

    /// - Returns: nil when there is no such object.
    func get(_ key: String) async throws -> Data?

    /// Removes the object; none there is no error.
    func delete(_ key: String) async throws
}

package enum BlobStoreError: Error, Sendable, Equatable {
    /// A key with an empty segment, `.`, `..` or a control character.
    case badKey(String)
    case unavailable(String)
}
