package import Database

/// What this room tells others.
package enum WorkspaceEvents {
    package static let topic = "workspace"

    /// Something that the scheduler waits for: the lock, or the end of the workspace.
    package static func changed(_ workspace: String) -> Change {
        Change(topic: topic, key: workspace)
    }
}
