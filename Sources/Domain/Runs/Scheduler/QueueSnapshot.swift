/// What the scheduler knows of one workspace when it decides.
struct QueueSnapshot: Equatable {
    /// A job that is not over, or that an executor still winds down.
    struct Entry: Equatable {
        let id: Int
        let status: JobStatus
        let isClaimed: Bool
    }

    enum WorkspaceState: Equatable {
        case open
        case locked
        /// Deleted, or its organization disabled.
        case gone
    }

    let workspace: WorkspaceState
    /// The oldest first.
    let jobs: [Entry]

    enum Decision: Equatable {
        /// This job may go on.
        case start(job: Int)
        /// These jobs have no workspace any more.
        case cancel(jobs: [Int])
        /// Nothing to do until something changes.
        case hold
    }

    /// One job at a time: the oldest that is not over has the workspace, also while it waits for approval or while a
    /// cancelled one is still wound down. A locked workspace starts nothing, and a deleted one cancels what is left.
    func decide() -> Decision {
        if workspace == .gone {
            let active = jobs.filter { $0.status.isFinal == false }
            return active.isEmpty ? .hold : .cancel(jobs: active.map(\.id))
        }
        guard workspace == .open, let head = jobs.first, head.isClaimed == false else { return .hold }
        switch head.status {
        case .pending, .approved: return .start(job: head.id)
        default: return .hold
        }
    }
}
