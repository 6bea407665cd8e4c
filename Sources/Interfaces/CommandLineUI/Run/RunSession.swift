import ArgumentParser
import UnixSignals

/// One job between its start and the exit code: followed, and cancelled when the user says so.
struct RunSession: Sendable {
    /// Somebody has to approve, but not here.
    static let waitsForApproval = ExitCode(2)
    /// What shells say of a program that Ctrl-C ended.
    private static let interrupted = ExitCode(130)

    let client: APIClient
    let organization: Organization
    let job: String
    let console: Console

    private var url: String { client.server.url(["runs", job]) }

    /// - Parameter signals: The first one cancels the job, the second one leaves it to the server.
    func run(signals: UnixSignalsSequence) async throws -> ExitCode {
        console.line("Job \(job): \(url)")
        let follower = RunFollower(client: client, organization: organization, job: job, view: RunView(console: console))
        return try await withThrowingTaskGroup(of: ExitCode.self) { group in
            group.addTask { report(try await follower.follow()) }
            group.addTask {
                var isCancelled = false
                for await _ in signals {
                    guard isCancelled == false else { break }
                    isCancelled = true
                    try await cancel()
                }
                try Task.checkCancellation()
                console.note("The job is left to the server: \(url)")
                return Self.interrupted
            }
            defer { group.cancelAll() }
            return try await group.next() ?? Self.interrupted
        }
    }

    private func cancel() async throws {
        console.note("\nCancelling job \(job) … (Ctrl-C again leaves it to the server)")
        do {
            try await client.setStatus(.cancelled, ofJob: job, of: organization)
        } catch ClientError.refused(409, _) {
            // It has just ended by itself; the follower tells how.
        }
    }

    private func report(_ ending: RunFollower.Ending) -> ExitCode {
        switch ending {
        case .ended(let status, let message):
            if status.isSuccess {
                console.line(console.coloured("Job \(job) \(PlainText.line(status.rawValue)).", .green))
                return .success
            }
            console.line(console.coloured("Job \(job) \(PlainText.line(status.rawValue)).", .red))
            if let message { console.note("Error: " + PlainText.paragraph(message)) }
            return .failure
        case .waitsForApproval:
            console.line(
                """
                Job \(job) waits for an approval. Approve it at \(url)
                or with: terrakube job approve \(job) --organization \(organization.name)
                """
            )
            return Self.waitsForApproval
        }
    }
}
