/// Who asks: the answer of authentication, and all that a permission check needs to know.
package struct Principal: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A person, by browser session or personal access token.
        case user(id: String)
        /// A token of a team.
        case team
        /// An executor that runs one job. It may touch this job and the state of its workspace, nothing else.
        case job(JobGrant)
        /// The server itself: the scheduler, a schedule.
        case system
    }

    package let kind: Kind
    /// What audit columns and pages show: the email address of a person, the name of anything else.
    package let name: String
    package let groups: Set<String>
    /// Member of the administrator group. Administrators may do everything.
    package let isAdministrator: Bool

    package init(kind: Kind, name: String, groups: Set<String> = [], isAdministrator: Bool = false) {
        self.kind = kind
        self.name = name
        self.groups = groups
        self.isAdministrator = isAdministrator
    }

    package static let system = Principal(kind: .system, name: "Internal", isAdministrator: true)

    /// The job that this principal runs, for an executor.
    package var job: JobGrant? {
        if case .job(let grant) = kind { grant } else { nil }
    }
}

/// What the token of a job says. It is honoured only while the job row has the same epoch and is not over.
package struct JobGrant: Sendable, Hashable {
    package let jobID: Int
    package let epoch: Int
    package let workspaceID: String

    package init(jobID: Int, epoch: Int, workspaceID: String) {
        self.jobID = jobID
        self.epoch = epoch
        self.workspaceID = workspaceID
    }
}
