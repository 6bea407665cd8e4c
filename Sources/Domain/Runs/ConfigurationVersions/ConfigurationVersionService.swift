package import BlobStore
import Crypto
package import Database
package import Foundation
import Identity
import JSONAPI
package import Service
import Workspaces

/// Uploads of configurations: announced, then sent once.
package struct ConfigurationVersionService: Sendable {
    /// The largest archive that is taken, in bytes.
    package static let sizeLimit = 256 * 1024 * 1024

    private let database: any SQLDatabase
    private let blobs: any BlobStore
    private let time: TimeSource
    private let ids: IDSource

    package init(database: any SQLDatabase, blobs: any BlobStore, time: TimeSource, ids: IDSource) {
        self.database = database
        self.blobs = blobs
        self.time = time
        self.ids = ids
    }

    /// Announces an upload.
    ///
    /// - Throws: `APIError` 403 or 404.
    package func create(workspace: String, as principal: Principal) async throws -> ConfigurationVersion {
        let version = ConfigurationVersion(id: ids.next(), workspaceID: workspace, status: .pending, createdDate: time.now(), digest: nil)
        try await database.write { transaction in
            try WorkspaceAccess(transaction).require(.planJob, workspace: workspace, for: principal)
            try ConfigurationVersionStore(transaction).insert(version, author: principal.name)
        }
        return version
    }

    /// Keeps the archive of an announced upload.
    ///
    /// - Throws: `APIError` 400 when it is no gzip file, 403 or 404, 409 when it was uploaded before.
    package func upload(_ archive: Data, id: String, as principal: Principal) async throws {
        // RFC 1952 §2.3.1: every gzip member begins so.
        guard archive.starts(with: [0x1f, 0x8b]) else { throw APIError.badRequest("The upload is no .tar.gz archive.") }
        let version = try await database.read { connection in
            guard let version = try ConfigurationVersionStore(connection).find(id: id) else {
                throw APIError.notFound("There is no configuration version \(id).")
            }
            try WorkspaceAccess(connection).require(.planJob, workspace: version.workspaceID, for: principal)
            return version
        }
        guard version.status == .pending else { throw APIError.conflict("The configuration version \(id) was uploaded before.") }
        let digest = SHA256.hash(data: archive).map { String(format: "%02x", $0) }.joined()
        try await blobs.put(archive, at: version.blobKey(digest: digest))
        guard try await database.write({ try ConfigurationVersionStore($0).markUploaded(id: id, digest: digest) }) else {
            throw APIError.conflict("The configuration version \(id) was uploaded before.")
        }
    }

    /// The archive, for an executor whose lease has been checked.
    func archive(id: String) async throws -> Data? {
        let version = try await database.read { try ConfigurationVersionStore($0).find(id: id) }
        guard let version, let digest = version.digest else { return nil }
        return try await blobs.get(version.blobKey(digest: digest))
    }
}
