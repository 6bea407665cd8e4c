import ArgumentParser

/// `terrakube organization …`
struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization",
        abstract: "List and create organizations.",
        subcommands: [List.self, Create.self]
    )
}
