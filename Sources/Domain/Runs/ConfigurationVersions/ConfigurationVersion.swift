package import Foundation

/// A configuration that a client uploads for a workspace without a repository.
package struct ConfigurationVersion: Sendable, Equatable {
    package enum Status: String, Sendable {
        case pending
        case uploaded
    }

    package let id: String
    package let workspaceID: String
    package let status: Status
    package let createdDate: Date
    /// SHA-256 of the archive that was uploaded, in hex; of two that arrive at the same moment, it tells which one counts.
    let digest: String?

    /// Where an archive is kept.
    func blobKey(digest: String) -> String { "content/\(id)/\(digest).tar.gz" }
}
