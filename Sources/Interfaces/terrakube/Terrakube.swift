import ArgumentParser
import CommandLineUI

/// The one executable: server, executor and command line.
@main
struct Terrakube: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terrakube",
        abstract: "Run Terraform and OpenTofu as a team.",
        subcommands: [ServeCommand.self, TokenCommand.self, UserCommand.self, SeedCommand.self] + ClientCommands.all
    )
}
