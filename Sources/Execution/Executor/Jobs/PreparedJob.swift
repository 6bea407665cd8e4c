/// A directory in which the steps of a job can run.
struct PreparedJob: Sendable, Hashable {
    let directory: JobDirectory
    /// The absolute path of the folder with the configuration.
    let folder: String
    /// What the source was checked out at; nil for an archive.
    let commit: String?
    /// The version that the job asked for.
    let constraint: String
    /// The version that it got.
    let version: String
    /// The path of that Terraform or OpenTofu.
    let binary: String
}
