package import Database
package import Foundation
import Identity
package import JSONAPI
package import Service
import Workspaces

/// The contexts of jobs: read by whoever sees the job, written by its own run and by who may plan.
package struct ContextService: Sendable {
    /// The largest document that is taken, in bytes.
    package static let sizeLimit = 4 * 1024 * 1024
    /// Plans beyond this have more changes than a context holds, in bytes.
    private static let planSizeLimit = 16 * 1024 * 1024

    private let database: any SQLDatabase
    private let keyring: Keyring
    private let time: TimeSource
    private let idleInterval: Duration

    /// - Parameter idleInterval: After how long without a change a follower gives a sign of life.
    package init(database: any SQLDatabase, keyring: Keyring, time: TimeSource, idleInterval: Duration = .seconds(15)) {
        self.database = database
        self.keyring = keyring
        self.time = time
        self.idleInterval = idleInterval
    }

    /// The document as it is; an empty object when nothing was written yet.
    ///
    /// - Throws: `APIError` 404 when there is no such job, or the principal can't see it.
    package func document(job: Int, as principal: Principal) async throws -> JSONValue {
        let sealed = try await database.read { connection in
            _ = try readable(job: job, for: principal, in: connection)
            return try ContextStore(connection).find(job: job)
        }
        return try sealed.map { try Self.open($0, job: job, with: keyring).document } ?? [:]
    }

    /// Replaces the document as a whole. What it marks as sensitive itself is not even stored.
    ///
    /// - Returns: What was stored.
    /// - Throws: `APIError` 400 when it is no JSON object, 403, 404, or 409 when the job has ended badly.
    package func replace(_ body: Data, job id: Int, as principal: Principal) async throws -> JSONValue {
        guard let sent = try? JSONValue(parsing: body), sent.object != nil else {
            throw APIError.badRequest("The context of a job is a JSON object.")
        }
        let document = JobContext.sanitised(sent)
        let envelope = try keyring.seal(document.serialised(), context: Self.sealingContext(job: id))
        let now = time.now()
        try await database.write { transaction in
            let job = try readable(job: id, for: principal, in: transaction)
            try requireWriter(principal, of: job, in: transaction)
            guard job.status.takesContext else {
                throw APIError.conflict("The job \(id) is \(job.status.rawValue): its context does not change any more.")
            }
            try ContextStore(transaction).replace(job: id, with: envelope, at: now)
            try transaction.notify(ContextEvents.changed(job: id))
        }
        return document
    }

    /// Adds the changes of a step's plan, for readers who may not see the plan itself. A plan that is too large is left
    /// out.
    ///
    /// - Parameter plan: As `terraform show -json` prints it.
    func add(plan: Data, of step: String, job: Int) async throws {
        guard plan.count <= Self.planSizeLimit, let plan = try? JSONValue(parsing: plan) else { return }
        let changes = PlanChanges.list(in: plan)
        let now = time.now()
        try await database.write { [keyring] transaction in
            let store = ContextStore(transaction)
            let stored = try store.find(job: job).map { try Self.open($0, job: job, with: keyring).document } ?? [:]
            let document = JobContext.adding(changes, of: step, to: stored)
            let bytes = document.serialised()
            guard document != stored, bytes.count <= Self.sizeLimit else { return }
            let envelope = try keyring.seal(bytes, context: Self.sealingContext(job: job))
            try store.replace(job: job, with: envelope, at: now)
            try transaction.notify(ContextEvents.changed(job: job))
        }
    }

    /// Follows the document until the job has ended.
    ///
    /// - Parameter version: The last one that the reader has.
    /// - Throws: `APIError` 404 when there is no such job, or the principal can't see it.
    package func follow(job: Int, after version: Int, as principal: Principal) async throws -> ContextFollower {
        _ = try await database.read { try readable(job: job, for: principal, in: $0) }
        return ContextFollower(
            database: database,
            keyring: keyring,
            job: job,
            version: version,
            idleInterval: idleInterval
        )
    }

    static func open(_ sealed: ContextStore.Sealed, job: Int, with keyring: Keyring) throws -> JobContext {
        let text = try keyring.open(sealed.envelope, context: sealingContext(job: job))
        return JobContext(version: sealed.version, document: try JSONValue(parsing: text))
    }

    private static func sealingContext(job: Int) -> String {
        "job_context/\(job)"
    }

    // MARK: Rules

    private func readable(job id: Int, for principal: Principal, in connection: any SQLConnection) throws -> Job {
        let isOwn = principal.job?.jobID == id
        let visible: SQL = isOwn ? "TRUE" : WorkspaceAccess.isReadable(principal, workspace: "job.workspace_id")
        guard
            try connection.row("SELECT job.id FROM job WHERE job.id = \(id) AND \(visible)") != nil,
            let job = try JobStore(connection).find(id: id)
        else { throw APIError.notFound("There is no job \(id).") }
        return job
    }

    private func requireWriter(_ principal: Principal, of job: Job, in connection: any SQLConnection) throws {
        if let grant = principal.job {
            try JobQueue.requireLease(grant, in: connection)
        } else {
            try WorkspaceAccess(connection).require(.planJob, workspace: job.workspaceID, for: principal)
        }
    }
}

extension JobStatus {
    /// Whether the context of a job in this state may change (executor.md §4.10).
    fileprivate var takesContext: Bool {
        switch self {
        case .pending, .waitingApproval, .approved, .queue, .running, .completed, .noChanges: true
        case .notExecuted, .rejected, .cancelled, .failed, .unknown, .neverExecuted: false
        }
    }
}
