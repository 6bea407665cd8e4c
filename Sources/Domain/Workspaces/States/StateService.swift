package import BlobStore
import Crypto
package import Database
package import Foundation
import Identity
import JSONAPI
package import Service

/// Terraform state: every write is a version, durable before it is acknowledged, and never lost.
package struct StateService: Sendable {
    /// Throws unless a job still holds its lease; asked inside the transaction of the write, so that a stale executor
    /// can't slip in between. Jobs live in an upper room.
    package typealias Fence = @Sendable (JobGrant, any SQLConnection) throws -> Void

    private let database: any SQLDatabase
    private let blobs: any BlobStore
    private let address: ServerAddress
    private let time: TimeSource
    private let ids: IDSource
    private let fence: Fence

    package init(
        database: any SQLDatabase,
        blobs: any BlobStore,
        address: ServerAddress,
        time: TimeSource,
        ids: IDSource,
        fence: @escaping Fence
    ) {
        self.database = database
        self.blobs = blobs
        self.address = address
        self.time = time
        self.ids = ids
        self.fence = fence
    }

    // MARK: Reading

    /// The raw bytes of the current version.
    ///
    /// - Returns: nil when there is no state yet.
    /// - Throws: `APIError` 403 or 404.
    package func current(workspace: String, as principal: Principal) async throws -> Data? {
        let version = try await database.read { connection in
            try authorize(workspace: workspace, for: principal, in: connection)
            return try StateStore(connection).current(workspace: workspace)
        }
        guard let version else { return nil }
        return try await bytes(of: version)
    }

    /// The raw bytes of one version.
    ///
    /// - Throws: `APIError` 403 or 404.
    package func version(_ id: String, workspace: String, as principal: Principal) async throws -> Data {
        let version = try await database.read { connection in
            try authorize(workspace: workspace, for: principal, in: connection)
            return try StateStore(connection).find(id: id, workspace: workspace)
        }
        guard let version else { throw APIError.notFound("There is no state version \(id) in the workspace.") }
        return try await bytes(of: version)
    }

    // MARK: Writing

    /// Keeps a new version.
    ///
    /// The same bytes again are acknowledged without a new version, so that a client whose connection broke may
    /// repeat itself.
    ///
    /// - Parameter lockID: The lock that the writer holds.
    /// - Throws: `APIError` 409 when serial or lineage do not follow the current version, 423 when the lock is somebody
    ///   else's, 403 when a job's lease is over.
    package func write(_ data: Data, workspace: String, lockID: String?, as principal: Principal) async throws {
        let document = try StateDocument(data)
        let md5 = Insecure.MD5.hash(data: data).map { String(format: "%02x", $0) }.joined()
        let now = time.now()
        let id = ids.next()
        let organization = try await database.read { connection in
            try authorize(workspace: workspace, for: principal, in: connection)
            try requireSuccessor(document, md5: md5, of: workspace, in: connection)
            // Also of a workspace that was deleted while its job runs: what Terraform has made must not be forgotten.
            return try WorkspaceStore(connection).organization(ofWorkspace: workspace)
        }
        guard let organization else { throw APIError.notFound("There is no workspace \(workspace).") }
        let version = StateVersion(
            id: id,
            workspaceID: workspace,
            storageOrganizationID: organization,
            serial: document.serial,
            lineage: document.lineage,
            md5: md5,
            createdDate: now
        )
        // The bytes go first: a row must never point at nothing. What a refusal leaves behind is taken away again, but
        // not after an error that leaves open whether the row was committed.
        try await blobs.put(data, at: version.blobKey)
        do {
            let isNew = try await database.write { transaction in
                try authorize(workspace: workspace, for: principal, in: transaction)
                try requireLock(lockID, workspace: workspace, in: transaction)
                guard try requireSuccessor(document, md5: md5, of: workspace, in: transaction) else { return false }
                try StateStore(transaction).insert(
                    version,
                    jobReference: principal.job.map { String($0.jobID) },
                    output: "\(address.publicURL)/tfstate/v1/organization/\(organization)/workspace/\(workspace)/state/\(id).json",
                    author: principal.name
                )
                try transaction.notify(Change(topic: "state", key: workspace, detail: id))
                return true
            }
            if isNew == false { try await blobs.delete(version.blobKey) }
        } catch {
            if let refusal = APIError(describing: error), refusal.status < 500 { try? await blobs.delete(version.blobKey) }
            throw error
        }
    }

    /// Makes an older version the current one again: its content becomes a new version, so that nothing of the history
    /// is lost and clients see a serial that grows.
    ///
    /// - Throws: `APIError` 403, 404, 423 while the state is locked, and 409 when a newer version came in meanwhile or
    ///   belongs to another lineage.
    package func rollback(to id: String, workspace: String, as principal: Principal) async throws {
        let old = try await version(id, workspace: workspace, as: principal)
        let current = try await database.read { try StateStore($0).current(workspace: workspace)?.serial } ?? 0
        let data = try StateDocument(old).bytes(withSerial: current + 1, from: old)
        try await write(data, workspace: workspace, lockID: nil, as: principal)
    }

    // MARK: Locking

    /// Takes the lock. Its holder may ask again: Terraform repeats a request whose answer got lost.
    ///
    /// - Returns: The lock that stands in the way, or nil when it was taken.
    package func lock(_ document: Data, workspace: String, as principal: Principal) async throws -> StateLock? {
        let lock = StateLock(
            id: try Self.lockID(in: document),
            document: String(decoding: document, as: UTF8.self),
            jobID: principal.job?.jobID
        )
        let now = time.now()
        return try await database.write { transaction in
            try authorize(workspace: workspace, for: principal, in: transaction)
            let store = StateStore(transaction)
            if let holder = try store.lock(workspace: workspace) {
                return holder.id == lock.id && holder.jobID == lock.jobID ? nil : holder
            }
            try store.insert(lock, workspace: workspace, at: now)
            return nil
        }
    }

    /// Gives the lock back.
    ///
    /// - Parameter document: Terraform's lock document; empty forces (`terraform force-unlock` sends none).
    /// - Returns: The lock that is somebody else's, or nil when there is none any more.
    package func unlock(_ document: Data, workspace: String, as principal: Principal) async throws -> StateLock? {
        let id = document.isEmpty ? nil : try Self.lockID(in: document)
        return try await database.write { transaction in
            try authorize(workspace: workspace, for: principal, in: transaction)
            let store = StateStore(transaction)
            if let holder = try store.lock(workspace: workspace), let id, holder.id != id { return holder }
            try store.deleteLock(workspace: workspace)
            return nil
        }
    }

    /// Frees what a job left locked, in the transaction that ends its lease.
    package static func releaseLock(ofJob job: Int, in connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM state_lock WHERE job_id = \(job)")
    }

    // MARK: Rules

    /// A job may touch the state of its own workspace while it holds the lease; anybody else needs `manageState`.
    private func authorize(workspace: String, for principal: Principal, in connection: any SQLConnection) throws {
        if let job = principal.job {
            guard job.workspaceID == workspace else { throw APIError.forbidden("This job belongs to another workspace.") }
            try fence(job, connection)
        } else {
            try WorkspaceAccess(connection).require(.manageState, workspace: workspace, for: principal)
        }
    }

    private func requireLock(_ id: String?, workspace: String, in connection: any SQLConnection) throws {
        let holder = try StateStore(connection).lock(workspace: workspace)
        guard holder == nil || holder?.id == id else {
            throw APIError.locked("The state is locked by \(holder?.id ?? ""), and this write does not hold that lock.")
        }
    }

    /// - Returns: Whether the document is new; false when it is the current one again.
    /// - Throws: `APIError` 409 when it does not follow the current version.
    @discardableResult
    private func requireSuccessor(
        _ document: StateDocument,
        md5: String,
        of workspace: String,
        in connection: any SQLConnection
    ) throws -> Bool {
        guard let current = try StateStore(connection).current(workspace: workspace) else { return true }
        if current.serial == document.serial, current.md5 == md5 { return false }
        guard current.lineage == document.lineage else {
            throw APIError.conflict("The state has the lineage \(document.lineage), but this workspace's is \(current.lineage).")
        }
        guard document.serial > current.serial else {
            throw APIError.conflict("The state has the serial \(document.serial), but \(current.serial) is stored already.")
        }
        return true
    }

    /// - Throws: `StateBytesMissing`, and never 404: Terraform takes that for an empty state, and would create
    ///   everything again.
    private func bytes(of version: StateVersion) async throws -> Data {
        guard let data = try await blobs.get(version.blobKey) else { throw StateBytesMissing(version: version.id) }
        return data
    }

    private static func lockID(in document: Data) throws -> String {
        guard let id = (try? JSONValue(parsing: document))?["ID"]?.string, id.isEmpty == false, document.count <= 64 * 1024 else {
            throw APIError.badRequest("The lock document has no ID.")
        }
        return id
    }
}

/// The store has lost the bytes of a version whose row is there.
struct StateBytesMissing: Error {
    let version: String
}
