package import Database
import Foundation
import JSONAPI
package import Logging
package import Service
import ServiceLifecycle
import Workspaces

/// Lets schedules fire: makes a job when the moment of one has come.
///
/// It waits for the earliest moment of all, or for a change of one. Any number of servers may do so on one database: the
/// claim of a moment is an UPDATE that only one of them makes.
package struct ScheduleRunner: ServiceLifecycle.Service {
    /// Who makes the jobs, as Terrakube names it.
    static let author = Principal(kind: .system, name: "serviceAccount", isAdministrator: true)

    private let database: any SQLDatabase
    private let jobs: JobMaker
    private let time: TimeSource
    private let logger: Logger
    private let longestWait: Duration

    /// - Parameter longestWait: After that it looks again at the latest, as clocks are set now and then.
    package init(
        database: any SQLDatabase,
        jobs: JobMaker,
        time: TimeSource,
        logger: Logger,
        longestWait: Duration = .seconds(60)
    ) {
        self.database = database
        self.jobs = jobs
        self.time = time
        self.logger = logger
        self.longestWait = longestWait
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while Task.isCancelled == false {
                // Listening begins before the look: what changes in between wakes us.
                let changes = database.changes().filter { $0.topic == ScheduleEvents.topic || $0.topic == "*" }
                let wait = await fireAndLookAhead()
                await Change.first(of: changes, orAfter: wait)
            }
        }
    }

    /// Fires everything that is due.
    ///
    /// What was missed while no server ran fires once, not once for each moment.
    ///
    /// - Throws: `DatabaseError`, when not even the list could be read. The trouble of one schedule is logged and does not
    ///   stop the others.
    /// - Returns: Whether each of them could be dealt with.
    @discardableResult
    package func fire() async throws -> Bool {
        let now = time.now()
        var isComplete = true
        for schedule in try await database.read({ try ScheduleStore($0).due(at: now) }) {
            do {
                try await fire(schedule, now: now)
            } catch {
                isComplete = false
                logger.error("Can't let a schedule fire", metadata: ["schedule": "\(schedule.id)", "error": "\(error)"])
            }
        }
        return isComplete
    }

    // MARK: Firing

    private func fire(_ due: Schedule, now: Date) async throws {
        do {
            try await database.write { transaction in
                guard let schedule = try ScheduleStore(transaction).claim(due) else { return }
                let workspace = try WorkspaceStore(transaction).find(id: schedule.workspaceID)
                let result = try start(schedule, on: workspace, in: transaction, now: now)
                let next = workspace == nil ? nil : schedule.next(after: now)
                try ScheduleStore(transaction).record(result, of: schedule, next: next)
            }
        } catch let refusal as APIError {
            // The rules of jobs refuse this one, for instance because nothing was uploaded yet: that ends the transaction.
            try await database.write { transaction in
                guard let schedule = try ScheduleStore(transaction).claim(due) else { return }
                let result = ScheduleResult.skipped(reason: refusal.detail)
                try ScheduleStore(transaction).record(result, of: schedule, next: schedule.next(after: now))
            }
        }
    }

    private func start(
        _ schedule: Schedule,
        on workspace: Workspace?,
        in transaction: any SQLTransaction,
        now: Date
    ) throws -> ScheduleResult {
        guard let workspace else { return .skipped(reason: "The workspace is gone.") }
        if workspace.isLocked { return .skipped(reason: "The workspace is locked.") }
        if let last = try schedule.lastJobID.flatMap(JobStore(transaction).find), last.status.isFinal == false {
            return .skipped(reason: "Job \(last.id), which the schedule started before, is not over.")
        }
        var attributes: [String: JSONValue] = ["via": "Schedule"]
        if let template = schedule.templateID {
            attributes["templateReference"] = .string(template)
        } else if let tcl = schedule.tcl {
            attributes["tcl"] = .string(tcl)
        }
        return .started(job: try jobs.make(in: workspace.id, attributes, as: Self.author, transaction: transaction, now: now))
    }

    // MARK: Waiting

    private func fireAndLookAhead() async -> Duration {
        do {
            guard try await fire() else { return longestWait }
            guard let next = try await database.read({ try ScheduleStore($0).nextFire() }) else { return longestWait }
            let milliseconds = (next.timeIntervalSince(time.now()) * 1000).rounded(.up)
            return min(longestWait, .milliseconds(max(0, milliseconds)))
        } catch {
            if Task.isCancelled == false { logger.error("Can't look for schedules", metadata: ["error": "\(error)"]) }
            return longestWait
        }
    }
}
