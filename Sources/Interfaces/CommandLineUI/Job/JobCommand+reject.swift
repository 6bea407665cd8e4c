import ArgumentParser

extension JobCommand {
    struct Reject: JobDecisionCommand {
        static let configuration = CommandConfiguration(abstract: "End a job that waits for approval.")
        static let status = JobStatus.rejected

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var job: JobArguments
    }
}
