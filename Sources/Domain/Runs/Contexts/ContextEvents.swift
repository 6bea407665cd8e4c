import Database

/// What this room tells whoever follows the context of a job.
enum ContextEvents {
    static let topic = "context"

    static func changed(job: Int) -> Change {
        Change(topic: topic, key: String(job))
    }
}
