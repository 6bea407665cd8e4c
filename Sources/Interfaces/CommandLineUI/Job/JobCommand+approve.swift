import ArgumentParser

extension JobCommand {
    struct Approve: JobDecisionCommand {
        static let configuration = CommandConfiguration(abstract: "Let a job that waits for approval go on.")
        static let status = JobStatus.approved

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var job: JobArguments
    }
}
