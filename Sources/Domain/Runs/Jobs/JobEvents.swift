import Database

/// What this room tells the scheduler, the executors and whoever watches.
package enum JobEvents {
    package static let jobTopic = "job"
    package static let queueTopic = "queue"
    package static let logTopic = "log"

    /// A job or one of its steps has another status.
    static func changed(_ job: Job) -> Change {
        changed(job: job.id, workspace: job.workspaceID)
    }

    static func changed(job: Int, workspace: String) -> Change {
        Change(topic: jobTopic, key: String(job), detail: workspace)
    }

    /// A job waits for an executor.
    static func queued(_ job: Int) -> Change {
        Change(topic: queueTopic, key: String(job))
    }

    /// A step has more output.
    static func logged(step: String) -> Change {
        Change(topic: logTopic, key: step)
    }
}
