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

    /// Where the `.tar.gz` is kept (executor.md §5).
    var blobKey: String { "content/\(id)/terraformContent.tar.gz" }
}
