import ArgumentParser

extension WorkspaceCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the workspaces of an organization.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions

        @Option(help: "The organization's name.")
        var organization = "default"

        func run() async throws {
            let workspaces = try await connection.withClient { client in
                try await client.workspaces(of: try await client.organization(named: organization))
            }
            try output.print(workspaces, table: { table(workspaces) })
        }

        private func table(_ workspaces: [Workspace]) -> TextTable {
            var table = TextTable("NAME", "VERSION", "SOURCE", "BRANCH", "LAST JOB", "ID")
            for workspace in workspaces {
                let source = workspace.takesUploads ? "(uploads)" : workspace.source
                let branch = workspace.takesUploads ? "" : workspace.branch
                table.add(workspace.name, workspace.terraformVersion, source, branch, workspace.lastJobStatus ?? "", workspace.id)
            }
            return table
        }
    }
}
