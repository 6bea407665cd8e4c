package import ArgumentParser
import Foundation
import JSONAPI
import Tools

/// `terrakube run`: uploads a directory, plans it, and applies the plan when somebody says yes.
package struct RunCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Plan and apply a local directory on the server, with the log on the terminal.",
        discussion: """
            The organization and the workspace are made when they are not there. Without --auto-approve the plan waits for \
            an answer on the terminal; without a terminal it stays waiting on the server, and the command ends with 2.
            """
    )

    @OptionGroup var server: ServerOptions

    @Option(help: "The directory with the configuration.")
    var dir = "."

    @Option(help: "The organization's name.")
    var organization = "default"

    @Option(help: "The workspace's name; the directory's name unless given.")
    var workspace: String?

    @Option(help: "The version for a new workspace, exact or as a constraint.")
    var terraformVersion = ">= 1.4"

    @Flag(help: "Apply without asking.")
    var autoApprove = false

    @Flag(help: "Plan only.")
    var planOnly = false

    @Flag(help: "Destroy instead.")
    var destroy = false

    package init() {}

    package func validate() throws {
        if planOnly, autoApprove { throw ValidationError("--plan-only and --auto-approve exclude each other.") }
    }

    package func run() async throws {
        let terminal = Terminal()
        do {
            let code = try await server.withClient { client in
                try await RunSession(client: client, terminal: terminal, flow: flow).run(try upload())
            }
            if code != 0 { throw ExitCode(Int32(code)) }
        } catch let error as ClientError {
            FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }

    private var flow: RunFlow {
        RunFlow(destroys: destroy, applies: planOnly == false, asks: autoApprove == false)
    }

    private func upload() throws -> RunSession.Upload {
        let directory = URL(fileURLWithPath: dir).standardizedFileURL
        guard (try? directory.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true else {
            throw ClientError("There is no directory \(directory.path).")
        }
        return RunSession.Upload(
            directory: directory.path,
            organization: organization,
            workspace: workspace ?? directory.lastPathComponent,
            terraformVersion: terraformVersion
        )
    }
}
