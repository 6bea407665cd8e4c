import Database
import Foundation

/// The rows of schedules, for the one who lets them fire.
struct ScheduleStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    /// When the next schedule fires, of all that are enabled.
    func nextFire() throws -> Date? {
        try connection.row("SELECT next_fire FROM schedule WHERE next_fire IS NOT NULL ORDER BY next_fire LIMIT 1")?.get("next_fire")
    }

    /// The schedules whose moment has come, the earliest first.
    func due(at now: Date) throws -> [Schedule] {
        try connection.rows("SELECT * FROM schedule WHERE next_fire <= \(now) ORDER BY next_fire, id").map(schedule)
    }

    /// Takes the moment of a schedule: one of several servers that see it come gets it.
    ///
    /// - Returns: The schedule as it is now; nil when the moment was taken, or the schedule was changed.
    func claim(_ schedule: Schedule) throws -> Schedule? {
        try connection.row(
            """
            UPDATE schedule SET last_fire = next_fire WHERE id = \(schedule.id) AND next_fire = \(schedule.nextFire) RETURNING *
            """
        ).map(self.schedule)
    }

    /// - Parameters:
    ///   - result: What came of the moment that was claimed.
    ///   - next: When it fires after this; nil: never again.
    func record(_ result: ScheduleResult, of schedule: Schedule, next: Date?) throws {
        try connection.execute(
            """
            UPDATE schedule SET next_fire = \(next), last_result = \(String(result.text.prefix(512))),
                last_job_id = COALESCE(\(result.jobID), last_job_id)
            WHERE id = \(schedule.id)
            """
        )
    }

    /// Makes a schedule of a template, or gives the one that there is another time: a flow that does so may run often.
    ///
    /// - Parameter newID: For a new one.
    /// - Returns: The id of the schedule.
    func put(template: String, cron: String, next: Date, workspace: String, newID: String, at date: Date, author: String) throws -> String {
        let changed = try connection.rows(
            """
            UPDATE schedule SET cron = \(cron), enabled = TRUE, next_fire = \(next), updated_date = \(date), updated_by = \(author)
            WHERE workspace_id = \(workspace) AND template_reference = \(template) RETURNING id
            """
        )
        if let changed = changed.first { return try changed.get("id") }
        try connection.execute(
            """
            INSERT INTO schedule (id, workspace_id, cron, template_reference, enabled, next_fire,
                created_date, created_by, updated_date, updated_by)
            VALUES (\(newID), \(workspace), \(cron), \(template), TRUE, \(next), \(date), \(author), \(date), \(author))
            """
        )
        return newID
    }

    func deleteAll(workspace: String) throws {
        try connection.execute("DELETE FROM schedule WHERE workspace_id = \(workspace)")
    }

    private func schedule(_ row: SQLRow) throws -> Schedule {
        Schedule(
            id: try row.get("id"),
            workspaceID: try row.get("workspace_id"),
            cron: try row.get("cron"),
            templateID: try row.find("template_reference"),
            tcl: try row.find("tcl"),
            nextFire: try row.get("next_fire"),
            lastJobID: try row.find("last_job_id")
        )
    }
}
