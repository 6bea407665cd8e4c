import ArgumentParser
import Foundation
import UnixSignals

/// `terrakube run`: uploads a folder, plans and applies it on the server, and shows the log as it grows.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Plan and apply a folder on the server, with the log on this terminal.",
        discussion: """
            Ctrl-C cancels the run. The exit code is 0 when the run completed, 1 when it failed, was rejected or cancelled, \
            and 2 when it waits for an approval that nobody at this terminal can give.
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Option(help: "The folder with the configuration.", completion: .directory)
    var dir = "."

    @Option(help: "The organization's name; created when there is none and you may.")
    var organization = "default"

    @Option(help: "The workspace's name; created when there is none. [the folder's name]")
    var workspace: String?

    @Option(help: "The Terraform version of a new workspace, or a constraint such as '~> 1.11'.")
    var terraformVersion = ">= 1.0"

    @Flag(help: "Apply without asking.")
    var autoApprove = false

    @Flag(help: "Make a plan, and apply nothing.")
    var planOnly = false

    @Flag(help: "Destroy what the workspace manages.")
    var destroy = false

    func validate() throws {
        if autoApprove, planOnly { throw ValidationError("--auto-approve and --plan-only exclude each other.") }
        if let workspace, workspace.isEmpty { throw ValidationError("--workspace needs a name.") }
    }

    var approval: RunFlow.Approval {
        planOnly ? .planOnly : autoApprove ? .automatic : .ask
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let console = Console.standard(environment: environment)
        let directory = try ConfigurationDirectory(dir)
        let code = try await connection.withClient { client in
            let target = RunTarget(client: client, console: console)
            let organization = try await target.organization(named: organization)
            let workspace = try await target.workspace(
                named: workspace ?? directory.name,
                terraformVersion: terraformVersion,
                in: organization
            )
            let size = try await directory.upload(to: workspace, with: client, searchPath: environment["PATH"] ?? "")
            console.line("Uploaded \(dir) (\(size.formatted(.byteCount(style: .file)))).")
            // From here on Ctrl-C is ours: a job that was made must not be forgotten.
            let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
            let flow = RunFlow(destroys: destroy, approval: approval)
            let job = try await client.createJob(flow, workspace: workspace, of: organization)
            let session = RunSession(client: client, organization: organization, job: job, console: console)
            return try await session.run(signals: signals)
        }
        guard code == .success else { throw code }
    }
}
