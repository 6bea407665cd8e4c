import ArgumentParser

/// `terrakube job …`
struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "List jobs, and decide about them.",
        subcommands: [List.self, Show.self, Approve.self, Reject.self, Cancel.self]
    )
}

/// Which job a verb is about.
struct JobArguments: ParsableArguments {
    @Argument(help: "The job's number.")
    var id: Int

    @Option(help: "The organization's name.")
    var organization = "default"
}

/// A verb that sets a job's status.
protocol JobDecisionCommand: AsyncParsableCommand {
    static var status: JobStatus { get }

    var connection: ConnectionOptions { get }
    var job: JobArguments { get }
}

extension JobDecisionCommand {
    func run() async throws {
        try await connection.withClient { client in
            let organization = try await client.organization(named: job.organization)
            try await client.setStatus(Self.status, ofJob: String(job.id), of: organization)
        }
        print("Job \(job.id) is \(Self.status.rawValue).")
    }
}
