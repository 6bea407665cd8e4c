import AsyncHTTPClient
import Foundation
import JSONAPI
import NIOCore

/// Shows a job on the terminal as it goes: a line when a step begins, its log, a line when it has ended.
struct JobFollower {
    private struct Step {
        let id: String
        let number: Int
        let name: String
        let status: String

        init?(_ resource: JSONValue) {
            guard let id = resource["id"]?.string, let attributes = resource["attributes"] else { return nil }
            self.id = id
            number = attributes["stepNumber"]?.integer.map(Int.init) ?? 0
            name = attributes["name"]?.string ?? "Step \(number)"
            status = attributes["status"]?.string ?? ""
        }
    }

    private struct State {
        let status: String
        let message: String?
        let steps: [Step]
    }

    let client: APIClient
    let terminal: Terminal
    let organization: String
    let job: String

    private var path: String { "/organization/\(organization)/job/\(job)" }

    /// - Returns: The exit code.
    func follow() async throws -> Int {
        var shown: Set<String> = []
        while true {
            let state = try await state()
            if state.status == "waitingApproval", let code = try await decide() { return code }
            // A step's stream stays open until the step has ended: following the first one that is not shown yet waits
            // for as long as there is something to wait for.
            guard let step = state.steps.first(where: { shown.contains($0.id) == false && isShown($0, in: state) }) else {
                if let code = end(state) { return code }
                try await Task.sleep(for: .milliseconds(50))
                continue
            }
            shown.insert(step.id)
            try await show(step)
        }
    }

    /// Approvals have no log, and what never ran has none either.
    private func isShown(_ step: Step, in state: State) -> Bool {
        ["notExecuted", "cancelled"].contains(step.status) == false && state.status != "waitingApproval"
            && (step.status != "completed" || step.number != 150)
    }

    private func show(_ step: Step) async throws {
        terminal.print("\n" + terminal.styled("▶ \(step.name)", .bold))
        let begin = ContinuousClock.now
        try await streamLog(of: step)
        let duration = String(format: "%.1f s", (ContinuousClock.now - begin) / .seconds(1))
        let ended = try await state().steps.first { $0.id == step.id }?.status ?? "unknown"
        let line = ended == "completed" ? terminal.styled("✓ \(step.name)", .green) : terminal.styled("✗ \(step.name) \(ended)", .red)
        terminal.print("\(line)  \(terminal.styled(duration, .faint))")
    }

    /// Reads the log to its end, going on where it was when the connection breaks.
    private func streamLog(of step: Step) async throws {
        var offset = 0
        while true {
            var parser = EventParser()
            do {
                let stream = try await client.events("/tfoutput/v1\(path)/step/\(step.id)/stream", after: offset)
                for try await buffer in stream {
                    for event in parser.events(in: buffer.readableBytesView) {
                        if event.name == "end" { return }
                        terminal.log(event.data)
                        offset = event.id.flatMap(Int.init) ?? offset
                    }
                }
            } catch let error as ClientError {
                throw error
            } catch {
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// - Returns: The exit code when the decision is somebody else's.
    private func decide() async throws -> Int? {
        guard terminal.isInteractive else {
            terminal.print("The plan waits for approval: \(client.server)/runs/\(job)")
            return 2
        }
        let answer = terminal.ask("\nDo you want to apply this plan? Only 'yes' will be accepted:")
        try await client.update("job", id: job, at: path, attributes: ["status": answer == "yes" ? "approved" : "rejected"])
        return nil
    }

    private func end(_ state: State) -> Int? {
        switch state.status {
        case "completed", "noChanges":
            return 0
        case "failed", "rejected", "cancelled", "unknown":
            terminal.print(terminal.styled("The run \(job) is \(state.status). \(state.message ?? "")", .red))
            return 1
        default:
            return nil
        }
    }

    private func state() async throws -> State {
        let document = try await client.get("\(path)?include=step")
        let attributes = document["data"]?["attributes"]
        return State(
            status: attributes?["status"]?.string ?? "unknown",
            message: attributes?["output"]?.string,
            steps: (document["included"]?.array ?? []).compactMap(Step.init).sorted { $0.number < $1.number }
        )
    }
}
