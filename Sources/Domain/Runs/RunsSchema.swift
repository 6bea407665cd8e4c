package import Database

/// The migrations of this target's rooms.
package enum RunsSchema {
    package static let migrations =
        JobSchema.migrations + ScheduleSchema.migrations + ContextSchema.migrations + NotificationSchema.migrations
}
