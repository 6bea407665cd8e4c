import Database

/// What this room tells the runner of schedules.
enum ScheduleEvents {
    static let topic = "schedule"

    /// A schedule may fire at another time than before.
    static func changed(_ schedule: String) -> Change {
        Change(topic: topic, key: schedule)
    }
}
