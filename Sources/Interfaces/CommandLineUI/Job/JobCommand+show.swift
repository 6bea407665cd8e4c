import ArgumentParser

extension JobCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one job and its steps.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var target: JobArguments

        func run() async throws {
            let (job, url) = try await connection.withClient { client in
                let organization = try await client.organization(named: target.organization)
                return (try await client.job(String(target.id), of: organization), client.server.url(["runs", String(target.id)]))
            }
            try output.print(job, text: { text(job, url: url) })
        }

        private func text(_ job: Job, url: String) -> String {
            var text = "Job \(job.id): \(PlainText.line(job.status.rawValue))\n"
            if let message = job.message { text += PlainText.paragraph(message) + "\n" }
            text += url + "\n\n"
            var table = TextTable("STEP", "NAME", "STATUS")
            for step in job.steps ?? [] { table.add(String(step.number), step.name, step.status.rawValue) }
            return text + table.rendered()
        }
    }
}
