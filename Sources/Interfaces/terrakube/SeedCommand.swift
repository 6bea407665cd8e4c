import ArgumentParser
import Database
import Foundation
import Server

/// `terrakube seed`: fills a database for benchmarks.
struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Fill a new organization with workspaces and finished jobs, for benchmarks; print its id.",
        shouldDisplay: false
    )

    @OptionGroup var storage: StorageOptions

    @Option(help: "The name of the new organization.")
    var organization: String

    @Option(help: "How many workspaces.")
    var workspaces = 10_000

    @Option(help: "How many jobs, spread evenly over the workspaces.")
    var jobs = 100_000

    func validate() throws {
        guard (0...1_000_000).contains(workspaces), (0...10_000_000).contains(jobs) else {
            throw ValidationError("That is more than a benchmark can mean.")
        }
    }

    func run() async throws {
        let persistence = try await Persistence(try storage.configuration(environment: ProcessInfo.processInfo.environment))
        print(try await BenchmarkData(persistence).fill(organization: organization, workspaces: workspaces, jobs: jobs))
        await persistence.database.close()
    }
}
