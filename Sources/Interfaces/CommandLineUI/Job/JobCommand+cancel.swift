import ArgumentParser

extension JobCommand {
    struct Cancel: JobDecisionCommand {
        static let configuration = CommandConfiguration(abstract: "Stop a job, also a running one.")
        static let status = JobStatus.cancelled

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var job: JobArguments
    }
}
