package import Foundation

/// One version of a workspace's state: what is known of it without opening it.
package struct StateVersion: Sendable, Equatable {
    package let id: String
    package let workspaceID: String
    /// The organization in whose folder the bytes are: the one that the workspace was in when they were written.
    let storageOrganizationID: String
    /// Terraform's counter inside the state: it grows with every write of one lineage.
    package let serial: Int
    package let lineage: String
    /// MD5 of the bytes, in lower-case hex: what Terraform's own protocols compare.
    package let md5: String
    package let createdDate: Date

    /// Where the raw bytes are kept (executor.md §5).
    var blobKey: String {
        "tfstate/\(storageOrganizationID)/\(workspaceID)/state/\(id).raw.json"
    }
}

/// Who holds the lock on a workspace's state, as Terraform sends it.
/// Source: <https://developer.hashicorp.com/terraform/language/backend/http>.
package struct StateLock: Sendable, Equatable {
    package let id: String
    /// The whole lock document, which a second client is shown.
    package let document: String
    package let jobID: Int?
}
