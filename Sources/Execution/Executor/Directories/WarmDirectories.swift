import Wire

/// The directories of jobs that wait for a person, so that they go on without a checkout and an init. The one that
/// has waited longest makes room.
actor WarmDirectories {
    struct Entry: Sendable {
        let jobID: Int
        let prepared: PreparedJob
        let source: JobSource
        let folder: String
    }

    private let limit: Int
    /// The oldest first.
    private var entries: [Entry] = []

    init(limit: Int) {
        self.limit = limit
    }

    func keep(_ entry: Entry) {
        entries.append(entry)
        while entries.count > limit { entries.removeFirst().prepared.directory.remove() }
    }

    /// The directory of this job, if the job still wants the same source. One that does not fit is removed.
    func take(for assignment: JobAssignment) -> PreparedJob? {
        guard let index = entries.firstIndex(where: { $0.jobID == assignment.lease.jobID }) else { return nil }
        let entry = entries.remove(at: index)
        let isSame =
            entry.source.isSame(as: assignment.source) && entry.folder == assignment.folder
            && entry.prepared.commit == assignment.commit && entry.prepared.constraint == assignment.toolVersion
        guard isSame else {
            entry.prepared.directory.remove()
            return nil
        }
        return entry.prepared
    }

    func removeAll() {
        for entry in entries { entry.prepared.directory.remove() }
        entries = []
    }
}

extension JobSource {
    /// The same place; the commit is compared apart, because a job learns it when it begins.
    fileprivate func isSame(as other: JobSource) -> Bool {
        switch (self, other) {
        case (.git(let repository, let reference, _), .git(let otherRepository, let otherReference, _)):
            repository == otherRepository && reference == otherReference
        case (.archive(let version), .archive(let otherVersion)):
            version == otherVersion
        default:
            false
        }
    }
}
