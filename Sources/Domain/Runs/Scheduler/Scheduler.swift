import AsyncAlgorithms
package import Database
import Foundation
package import Logging
package import Service
import ServiceLifecycle
import Workspaces

/// Starts jobs as soon as they may start. It wakes on changes; a slow tick is only the safety net for one that was
/// missed.
package struct Scheduler: ServiceLifecycle.Service {
    private let database: any SQLDatabase
    private let time: TimeSource
    private let logger: Logger
    private let tick: Duration

    package init(database: any SQLDatabase, time: TimeSource, logger: Logger, tick: Duration = .seconds(30)) {
        self.database = database
        self.time = time
        self.logger = logger
        self.tick = tick
    }

    package func run() async throws {
        let changes = database.changes()
        let ticks = AsyncTimerSequence(interval: tick, clock: .continuous).map { _ in Change(topic: "*", key: "") }
        await scheduleAll()
        for try await change in merge(changes, ticks).cancelOnGracefulShutdown() {
            switch change.topic {
            case JobEvents.jobTopic: await attempt(workspace: change.detail)
            case WorkspaceEvents.topic: await attempt(workspace: change.key)
            case "*": await scheduleAll()
            default: continue
            }
        }
    }

    private func scheduleAll() async {
        do {
            for workspace in try await database.read({ try JobStore($0).busyWorkspaces() }) {
                await attempt(workspace: workspace)
            }
        } catch {
            logger.error("Can't look for jobs to start", metadata: ["error": "\(error)"])
        }
    }

    /// One workspace's trouble must not stop the others; the next change or tick tries again.
    private func attempt(workspace: String) async {
        do {
            try await schedule(workspace: workspace)
        } catch {
            logger.error("Can't schedule", metadata: ["workspace": "\(workspace)", "error": "\(error)"])
        }
    }

    /// Decides for one workspace and carries the decision out.
    package func schedule(workspace: String) async throws {
        // Most changes leave nothing to start: look before taking a write transaction.
        guard try await database.read({ try snapshot(workspace, in: $0).decide() }) != .hold else { return }
        let now = time.now()
        try await database.write { transaction in
            let lifecycle = JobLifecycle(transaction, now: now)
            switch try snapshot(workspace, in: transaction).decide() {
            case .start(let id):
                if let job = try JobStore(transaction).find(id: id) { try start(job, in: lifecycle) }
            case .cancel(let ids):
                for job in try ids.compactMap(JobStore(transaction).find) { try lifecycle.cancel(job) }
            case .hold:
                return
            }
        }
    }

    private func start(_ job: Job, in lifecycle: JobLifecycle) throws {
        let incomplete = try VariableStore.incompleteKeys(workspace: job.workspaceID, in: lifecycle.transaction)
        guard incomplete.isEmpty else {
            let message = "Sensitive variables without a value: \(incomplete.joined(separator: ", "))"
            return try lifecycle.end(job, as: .failed, rest: .failed, message: message)
        }
        let steps = try JobStore(lifecycle.transaction).steps(job: job.id)
        let flow = try FlowParser().parse(tcl: job.tcl)
        try lifecycle.proceed(
            job,
            to: JobProgress.next(flow: flow, steps: steps.map(\.progress), isAutoApplied: job.isAutoApplied)
        )
    }

    private func snapshot(_ workspace: String, in connection: any SQLConnection) throws -> QueueSnapshot {
        let jobs = try JobStore(connection).unfinished(workspace: workspace)
        guard jobs.isEmpty == false else { return QueueSnapshot(workspace: .open, jobs: []) }
        let isLocked = try WorkspaceStore(connection).find(id: workspace)?.isLocked
        return QueueSnapshot(
            workspace: isLocked.map { $0 ? .locked : .open } ?? .gone,
            jobs: jobs.map { QueueSnapshot.Entry(id: $0.id, status: $0.status, isClaimed: $0.executor != nil) }
        )
    }
}
