import BlobStore
package import Database
package import Foundation
package import Identity
import JSONAPI
package import Logging
package import Service
package import Wire
package import Workspaces

/// The server's side of `RunControl`: hands jobs to executors and takes what they report. In process it is called
/// directly; an agent's calls will reach it over HTTP.
package struct JobQueue: RunControl {
    private let database: any SQLDatabase
    private let assignments: AssignmentBuilder
    private let configurations: ConfigurationVersionService
    private let plans: PlanStore
    private let sources: SourceAccessService
    private let contexts: ContextService
    private let time: TimeSource
    private let logger: Logger

    package init(
        database: any SQLDatabase,
        keyring: Keyring,
        signer: TokenSigner,
        configurations: ConfigurationVersionService,
        plans: PlanStore,
        sources: SourceAccessService,
        address: ServerAddress,
        time: TimeSource,
        logger: Logger
    ) {
        self.database = database
        self.assignments = AssignmentBuilder(keyring: keyring, signer: signer, address: address)
        self.configurations = configurations
        self.plans = plans
        self.sources = sources
        self.contexts = ContextService(database: database, keyring: keyring, time: time)
        self.time = time
        self.logger = logger
    }

    // MARK: RunControl

    package func claim(executor: String) async throws -> JobAssignment {
        // Listening begins before the first look: a job that is queued in between wakes us.
        let changes = database.changes().filter { $0.topic == JobEvents.queueTopic || $0.topic == "*" }
        if let assignment = try await attempt(executor: executor) { return assignment }
        for await _ in changes {
            if let assignment = try await attempt(executor: executor) { return assignment }
        }
        throw CancellationError()
    }

    package func begin(step: String, commit: String?, lease: JobLease) async throws {
        try await report(lease) { transaction, job, now in
            try Self.require(step, of: job, in: transaction)
            // A step that was cancelled in the meantime does not come back.
            try transaction.execute(
                """
                UPDATE step SET status = 'running', begin_date = \(now)
                WHERE id = \(step) AND status IN ('pending', 'approved', 'running')
                """
            )
            if let commit { try transaction.execute("UPDATE job SET commit_id = \(commit) WHERE id = \(job.id)") }
            try transaction.notify(JobEvents.changed(job))
        }
    }

    package func append(_ chunk: LogChunk, lease: JobLease) async throws {
        try await report(lease) { transaction, job, _ in
            try Self.require(chunk.stepID, of: job, in: transaction)
            if try LogStore(transaction).append(chunk.bytes, at: chunk.offset, step: chunk.stepID) {
                try transaction.notify(JobEvents.logged(step: chunk.stepID))
            }
        }
    }

    package func complete(_ result: StepResult, lease: JobLease) async throws -> NextAction {
        try await report(lease) { transaction, job, now in
            let lifecycle = JobLifecycle(transaction, now: now)
            try Self.require(result.stepID, of: job, in: transaction)
            try record(result, of: job, in: transaction, now: now)
            let steps = try JobStore(transaction).steps(job: job.id)
            guard job.status != .cancelled else {
                try JobStore(transaction).endSteps(job: job.id, as: .cancelled, at: now)
                try lifecycle.endLease(of: job)
                return .stop
            }
            let flow = try FlowParser().parse(tcl: job.tcl)
            var next = JobProgress.next(
                after: result.ending,
                flow: flow,
                steps: steps.map(\.progress),
                isAutoApplied: job.isAutoApplied
            )
            while case .serve(let number) = next { next = try lifecycle.serve(step: number, of: job) }
            if case .run(let number) = next, let step = steps.first(where: { $0.number == number }),
                let assignment = flow.step(number: number)?.assignment(id: step.id)
            {
                try transaction.notify(JobEvents.changed(job))
                return .run(assignment)
            }
            try lifecycle.proceed(job, to: next)
            if case .planned(let hasChanges) = result.outcome {
                try transaction.execute("UPDATE job SET plan_changes = \(hasChanges) WHERE id = \(job.id)")
            }
            try lifecycle.endLease(of: job)
            if case .wait = next { return .pause }
            return .stop
        }
    }

    package func waitForCancellation(lease: JobLease) async throws {
        let key = String(lease.jobID)
        let changes = database.changes().filter { ($0.topic == JobEvents.jobTopic && $0.key == key) || $0.topic == "*" }
        if try await isCancelled(lease) { return }
        for await _ in changes {
            if try await isCancelled(lease) { return }
        }
        throw CancellationError()
    }

    package func storePlan(_ plan: PlanBundle, step: String, lease: JobLease) async throws {
        let job = try await database.read { connection in
            let job = try Self.job(holding: lease, in: connection)
            try Self.require(step, of: job, in: connection)
            return job
        }
        try await plans.put(plan, at: key(of: job, step: step))
        try await report(lease) { transaction, job, _ in
            try transaction.execute("UPDATE step SET has_plan = TRUE WHERE id = \(step) AND job_id = \(job.id)")
            let url = assignments.planURL(of: job, step: step)
            try transaction.execute("UPDATE job SET terraform_plan = \(url) WHERE id = \(job.id)")
        }
    }

    package func storedPlan(lease: JobLease) async throws -> PlanBundle {
        let job = try await liveJob(lease)
        let step = try await database.read { try JobStore($0).steps(job: job.id).last(where: \.hasPlan) }
        guard let step, let bundle = try await plans.bundle(at: key(of: job, step: step.id)) else { throw LeaseLost() }
        return bundle
    }

    /// Taken also when the job has just ended: the document is made beside the apply, not before it.
    package func storePlanDocument(_ json: Data, step: String, lease: JobLease) async throws {
        let job = try await database.read { connection in
            guard let job = try JobStore(connection).find(id: lease.jobID), job.epoch == lease.epoch else { throw LeaseLost() }
            try Self.require(step, of: job, in: connection)
            return job
        }
        try await plans.put(document: json, at: key(of: job, step: step))
        try await contexts.add(plan: json, of: step, job: job.id)
    }

    package func sourceAccess(to repository: String, refused: String?, lease: JobLease) async throws -> SourceAccess {
        let job = try await liveJob(lease)
        guard let connection = try await database.read({ try WorkspaceStore($0).find(id: job.workspaceID) })?.vcsID else { return .open }
        do {
            let credential = try await sources.credential(
                for: repository,
                connection: connection,
                organization: job.organizationID,
                refused: refused
            )
            return credential.map { .password(username: $0.username, password: $0.password) } ?? .open
        } catch let error as VCSUnavailable {
            return .unavailable(reason: error.description)
        }
    }

    package func archive(configurationVersion: String, lease: JobLease) async throws -> Data {
        let job = try await liveJob(lease)
        guard job.configurationVersionID == configurationVersion, let archive = try await configurations.archive(id: configurationVersion)
        else { throw LeaseLost() }
        return archive
    }

    package func release(lease: JobLease) async throws {
        try await report(lease) { transaction, job, now in
            try JobLifecycle(transaction, now: now).takeBack(job, reason: "The server was stopped while the step ran.")
        }
    }

    // MARK: Recovery

    /// Takes back every job that the executors of a node had when it died. Called when its processes are gone.
    ///
    /// - Parameter node: The part of the executors' names before the slash.
    package func recover(node: String) async throws {
        let now = time.now()
        let jobs = try await database.read { try JobStore($0).claimed(byExecutorsOf: node) }
        for job in jobs {
            try await database.write { transaction in
                guard let job = try JobStore(transaction).find(id: job.id), job.executor != nil else { return }
                try JobLifecycle(transaction, now: now).takeBack(job, reason: "The server stopped unexpectedly while the step ran.")
            }
            logger.warning("Took back a job from an executor that is gone", metadata: ["job": "\(job.id)"])
        }
    }

    /// Whether the lease of a job's token still holds.
    package func isAlive(_ grant: JobGrant) async throws -> Bool {
        try await database.read { try Self.holds(grant, in: $0) }
    }

    /// - Throws: `APIError` 403 unless the lease of a job's token still holds.
    package static func requireLease(_ grant: JobGrant, in connection: any SQLConnection) throws {
        guard try holds(grant, in: connection) else { throw APIError.forbidden("The job no longer runs under this token.") }
    }

    // MARK: Parts

    private static func holds(_ grant: JobGrant, in connection: any SQLConnection) throws -> Bool {
        let row = try connection.row(
            """
            SELECT id FROM job WHERE id = \(grant.jobID) AND epoch = \(grant.epoch) AND executor IS NOT NULL
            AND workspace_id = \(grant.workspaceID)
            """
        )
        return row != nil
    }

    /// Claims and puts together in one transaction: an executor whose wait is cancelled has the job or has it not, and
    /// a job that can't be put together ends, so that it does not come back for ever.
    private func attempt(executor: String) async throws -> JobAssignment? {
        let now = time.now()
        // Looking is cheap and claiming is not: many executors wake for one job. After a job that can't be put together
        // comes the next one: nothing wakes us for it again.
        while try await database.read({ try JobStore($0).hasQueued() }) {
            guard let parts = try await claim(for: executor, now: now) else { continue }
            return try await assignments.assignment(parts, now: now)
        }
        return nil
    }

    private func claim(for executor: String, now: Date) async throws -> AssignmentBuilder.Parts? {
        try await database.write { transaction -> AssignmentBuilder.Parts? in
            guard let job = try JobStore(transaction).claim(executor: executor, at: now) else { return nil }
            let lifecycle = JobLifecycle(transaction, now: now)
            do {
                let parts = try assignments.collect(job, in: transaction)
                try lifecycle.wasClaimed(job)
                return parts
            } catch let error where error is AssignmentError || error is KeyringError || error is FlowError {
                logger.error("Can't assign a job", metadata: ["job": "\(job.id)", "error": "\(error)"])
                try lifecycle.end(job, as: .failed, rest: .failed, message: "The job can't be put together: \(error)")
                try lifecycle.endLease(of: job)
                return nil
            }
        }
    }

    private func record(_ result: StepResult, of job: Job, in transaction: any SQLTransaction, now: Date) throws {
        var message: String?
        if case .failed(let text) = result.outcome { message = text }
        try transaction.execute(
            """
            UPDATE step SET status = \(job.status == .cancelled ? .cancelled : result.status), message = \(message), end_date = \(now)
            WHERE id = \(result.stepID) AND job_id = \(job.id)
            """
        )
    }

    /// Runs a report in a transaction in which the lease holds.
    private func report<Result: Sendable>(
        _ lease: JobLease,
        _ body: @escaping @Sendable (any SQLTransaction, Job, Date) throws -> Result
    ) async throws -> Result {
        let now = time.now()
        return try await database.write { transaction in
            try body(transaction, try Self.job(holding: lease, in: transaction), now)
        }
    }

    private func liveJob(_ lease: JobLease) async throws -> Job {
        try await database.read { try Self.job(holding: lease, in: $0) }
    }

    /// - Throws: `LeaseLost` unless the step is one of the job's.
    private static func require(_ step: String, of job: Job, in connection: any SQLConnection) throws {
        guard try JobStore(connection).step(id: step)?.jobID == job.id else { throw LeaseLost() }
    }

    private static func job(holding lease: JobLease, in connection: any SQLConnection) throws -> Job {
        guard let job = try JobStore(connection).find(id: lease.jobID), job.executor != nil, job.epoch == lease.epoch else {
            throw LeaseLost()
        }
        return job
    }

    private func isCancelled(_ lease: JobLease) async throws -> Bool {
        try await liveJob(lease).status == .cancelled
    }

    private func key(of job: Job, step: String) -> PlanStore.Key {
        PlanStore.Key(organization: job.storageOrganizationID, workspace: job.workspaceID, job: job.id, step: step)
    }
}

extension StepResult {
    fileprivate var ending: JobProgress.Ending {
        switch outcome {
        case .succeeded: .succeeded
        case .planned(let hasChanges): .planned(hasChanges: hasChanges)
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }

    fileprivate var status: JobStatus {
        switch outcome {
        case .succeeded, .planned: .completed
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }
}
