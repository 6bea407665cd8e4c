/// Everything an executor needs to run one job, from the step that is next. Claimed once; steps follow one by one.
package struct JobAssignment: Codable, Sendable {
    package let lease: JobLease
    package let organization: Named
    package let workspace: Named
    package let source: JobSource
    /// Names the connection that the source is read by, if there is one: `RunControl.sourceAccess` has the credentials.
    package let connection: String?
    /// The folder inside the source that holds the configuration, such as `/` or `/live/prod`.
    package let folder: String
    package let tool: IaCTool
    /// An exact version or a constraint, such as `1.11.4` or `~> 1.9`.
    package let toolVersion: String
    package let environment: [JobVariable]
    package let variables: [JobVariable]
    package let options: PlanOptions
    /// Where Terraform's `http` backend reads and writes this workspace's state; the lease's token is the password.
    package let stateURL: String
    /// The step to run now.
    package let step: StepAssignment
    /// Whether an earlier step of this job stored a plan that an apply must use.
    package let hasStoredPlan: Bool
    /// The commit that an earlier step of this job ran on; the next one runs on the same.
    package let commit: String?
    /// What Terraform may show to module and provider registries, such as this server's own.
    package let credentials: [HostCredential]
    /// A token for the API, which scripts get as `terrakubeToken`.
    package let scriptToken: String?

    package init(
        lease: JobLease,
        organization: Named,
        workspace: Named,
        source: JobSource,
        connection: String? = nil,
        folder: String,
        tool: IaCTool,
        toolVersion: String,
        environment: [JobVariable],
        variables: [JobVariable],
        options: PlanOptions,
        stateURL: String,
        step: StepAssignment,
        hasStoredPlan: Bool,
        commit: String?,
        credentials: [HostCredential] = [],
        scriptToken: String? = nil
    ) {
        self.lease = lease
        self.organization = organization
        self.workspace = workspace
        self.source = source
        self.connection = connection
        self.folder = folder
        self.tool = tool
        self.toolVersion = toolVersion
        self.environment = environment
        self.variables = variables
        self.options = options
        self.stateURL = stateURL
        self.step = step
        self.hasStoredPlan = hasStoredPlan
        self.commit = commit
        self.credentials = credentials
        self.scriptToken = scriptToken
    }
}

/// A token that Terraform sends to one host.
package struct HostCredential: Codable, Sendable, Hashable {
    /// With the port, if it is not the usual one.
    package let host: String
    package let token: String

    package init(host: String, token: String) {
        self.host = host
        self.token = token
    }
}

/// The right to run a job, until somebody else gets a higher epoch. Every call of an executor carries it; a call
/// with an old epoch is refused (a fencing token).
package struct JobLease: Codable, Sendable, Hashable {
    package let jobID: Int
    package let epoch: Int
    /// A JWT for this job and epoch only.
    package let token: String

    package init(jobID: Int, epoch: Int, token: String) {
        self.jobID = jobID
        self.epoch = epoch
        self.token = token
    }
}

package struct Named: Codable, Sendable, Hashable {
    package let id: String
    package let name: String

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// Where the configuration comes from.
package enum JobSource: Codable, Sendable, Hashable {
    /// `reference` is a branch, a tag, or a full ref name; `commit` pins it.
    case git(repository: String, reference: String, commit: String?)
    /// A `.tar.gz` that was uploaded: the executor asks `RunControl.archive`.
    case archive(configurationVersion: String)
}

package enum IaCTool: String, Codable, Sendable {
    case terraform
    case tofu
}

/// A Terraform or environment variable of a job.
package struct JobVariable: Codable, Sendable, Hashable {
    package let key: String
    package let value: String
    /// The value is an HCL expression, not a string.
    package let isHCL: Bool
    /// Never written to a log: the executor masks it.
    package let isSensitive: Bool

    package init(key: String, value: String, isHCL: Bool = false, isSensitive: Bool = false) {
        self.key = key
        self.value = value
        self.isHCL = isHCL
        self.isSensitive = isSensitive
    }
}

package struct PlanOptions: Codable, Sendable, Hashable {
    package let refresh: Bool
    package let refreshOnly: Bool
    /// `-target` addresses.
    package let targets: [String]
    /// `-replace` addresses.
    package let replacements: [String]

    package init(refresh: Bool = true, refreshOnly: Bool = false, targets: [String] = [], replacements: [String] = []) {
        self.refresh = refresh
        self.refreshOnly = refreshOnly
        self.targets = targets
        self.replacements = replacements
    }
}
