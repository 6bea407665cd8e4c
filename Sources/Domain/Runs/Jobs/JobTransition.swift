import JSONAPI

/// What people may do to a job by setting its status.
enum JobTransition: Equatable {
    case approve
    case reject
    case cancel

    /// - Throws: `APIError` 409 for a transition that a job can't make, 400 for a status that is not for people to set.
    init(from current: JobStatus, to wanted: JobStatus) throws(APIError) {
        switch (current, wanted) {
        case (.waitingApproval, .approved): self = .approve
        case (.waitingApproval, .rejected): self = .reject
        case (_, .cancelled) where current.isFinal == false: self = .cancel
        case (_, .approved), (_, .rejected), (_, .cancelled):
            throw .conflict("A job that is \(current.rawValue) cannot become \(wanted.rawValue).", pointer: "/data/attributes/status")
        default:
            throw .invalid(attribute: "status", "A job's status can be set to approved, rejected or cancelled.")
        }
    }
}
