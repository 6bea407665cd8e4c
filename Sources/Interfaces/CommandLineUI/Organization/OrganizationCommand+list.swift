import ArgumentParser

extension OrganizationCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the organizations that you can see.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let organizations = try await connection.withClient { try await $0.organizations() }
            try output.print(organizations, table: { table(organizations) })
        }

        private func table(_ organizations: [Organization]) -> TextTable {
            var table = TextTable("NAME", "DESCRIPTION", "ID")
            for organization in organizations {
                table.add(organization.name, organization.description ?? "", organization.id)
            }
            return table
        }
    }
}
