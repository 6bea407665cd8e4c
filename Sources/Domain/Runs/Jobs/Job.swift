package import Foundation

/// One run of a flow on a workspace.
package struct Job: Sendable, Equatable {
    package let id: Int
    package let organizationID: String
    /// The organization in whose folder its plans are: the one that the workspace was in when the job was made.
    let storageOrganizationID: String
    package let workspaceID: String
    package let status: JobStatus
    /// The flow, as base64 of YAML: copied when the job is made, so that an edited template changes no job.
    package let tcl: String
    package let approvalTeam: String?
    package let isAutoApplied: Bool
    package let refresh: Bool
    package let refreshOnly: Bool
    package let planChanges: Bool
    package let overrideBranch: String?
    package let commitID: String?
    package let configurationVersionID: String?
    package let targets: [String]
    package let replacements: [String]
    package let via: String
    package let createdDate: Date
    package let createdBy: String
    /// Counts the executors that had this job; the fencing token.
    package let epoch: Int
    /// The executor that has the job now.
    package let executor: String?
}
