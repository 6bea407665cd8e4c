import ArgumentParser

extension JobCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the newest jobs of an organization.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions

        @Option(help: "The organization's name.")
        var organization = "default"

        @Option(help: "How many at most.")
        var limit = 20

        func validate() throws {
            guard (1...1000).contains(limit) else { throw ValidationError("--limit must be a number from 1 to 1000.") }
        }

        func run() async throws {
            let jobs = try await connection.withClient { client in
                try await client.jobs(of: try await client.organization(named: organization), limit: limit)
            }
            try output.print(jobs, table: { table(jobs) })
        }

        private func table(_ jobs: [Job]) -> TextTable {
            var table = TextTable("ID", "WORKSPACE", "STATUS", "VIA", "BY", "CREATED")
            for job in jobs {
                table.add(
                    job.id,
                    job.workspace ?? "",
                    job.status.rawValue,
                    job.via ?? "",
                    job.createdBy ?? "",
                    job.createdDate ?? ""
                )
            }
            return table
        }
    }
}
