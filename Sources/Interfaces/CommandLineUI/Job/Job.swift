/// A job as the command line shows it.
struct Job: Codable, Sendable, Equatable {
    struct Step: Codable, Sendable, Equatable {
        let id: String
        let number: Int
        let name: String
        let status: JobStatus
    }

    let id: String
    let status: JobStatus
    /// Why it failed, for people.
    let message: String?
    let workspace: String?
    let via: String?
    let createdBy: String?
    let createdDate: String?
    /// In their order; nil in lists.
    let steps: [Step]?
}
