import ArgumentParser

extension OrganizationCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create an organization.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: "Its name, at most 32 characters.")
        var name: String

        @Option(help: "What it is for.")
        var description: String?

        func run() async throws {
            let organization = try await connection.withClient {
                try await $0.createOrganization(named: name, description: description)
            }
            try output.print(organization, text: { "The organization \(PlainText.line(organization.name)) was created.\n" })
        }
    }
}
