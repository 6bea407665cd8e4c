import ArgumentParser

/// `terrakube workspace …`
struct WorkspaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workspace",
        abstract: "List workspaces.",
        subcommands: [List.self]
    )
}
