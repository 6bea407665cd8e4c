extension Change {
    /// Returns when the first change comes, or after a while, or when the task is cancelled. Whoever calls it in a loop
    /// is not hurried by a stream that has ended: then the database is being closed.
    package static func first(of changes: some AsyncSequence<Change, Never> & Sendable, orAfter wait: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in changes { return }
                try? await Task.sleep(for: wait)
            }
            group.addTask { try? await Task.sleep(for: wait) }
            await group.next()
            group.cancelAll()
        }
    }
}
