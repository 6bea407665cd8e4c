/// Shows a job from its beginning to its end, through restarts of the server.
struct RunFollower: Sendable {
    enum Ending: Sendable, Equatable {
        case ended(JobStatus, message: String?)
        /// Somebody has to decide, and nobody is here to do it.
        case waitsForApproval
    }

    /// For how long a server may be away.
    private static let patience = Duration.seconds(120)

    let client: APIClient
    let organization: Organization
    let job: String
    let view: RunView

    func follow() async throws -> Ending {
        var progress = RunProgress()
        var durations: [String: Duration] = [:]
        // A job that can start does so within milliseconds; one that waits for another may wait for hours.
        var pause = Backoff(first: .milliseconds(20), longest: .seconds(1))
        var state = try await read()
        while true {
            switch progress.next(state) {
            case .report(let step, let outcome):
                view.end(step, outcome, after: durations[step.id])
                continue
            case .follow(let step):
                durations[step.id] = try await show(step)
                pause.reset()
            case .decide:
                guard view.console.isInteractive else { return .waitsForApproval }
                try await decide()
                pause.reset()
            case .wait:
                try await Task.sleep(for: pause.next())
            case .end(let status):
                return .ended(status, message: state.message)
            }
            state = try await read()
        }
    }

    private func read() async throws -> Job {
        var reconnection = Backoff(first: .milliseconds(250), longest: .seconds(5))
        while true {
            do {
                return try await client.job(job, of: organization)
            } catch let error as ClientError {
                try await wait(error, &reconnection)
            }
        }
    }

    // MARK: Logs

    /// Shows the log of a step until the step has ended. A broken connection is taken up where it broke.
    ///
    /// - Returns: For how long the step was seen running.
    private func show(_ step: Job.Step) async throws -> Duration? {
        let path = ["tfoutput", "v1", "organization", organization.id, "job", job, "step", step.id, "stream"]
        let start = step.status.isFinal ? nil : ContinuousClock.now
        // A step that is over and has no log, such as an approval, needs no headline.
        var hasBegun = false
        func begin() {
            guard hasBegun == false else { return }
            hasBegun = true
            view.begin(step)
        }
        if step.status.isFinal == false { begin() }
        var lastEventID: String?
        var reconnection = Backoff(first: .milliseconds(250), longest: .seconds(5))
        while true {
            do {
                let isBroken = try await client.events(path, after: lastEventID) { event in
                    reconnection.reset()
                    guard event.name != "end" else { return false }
                    lastEventID = event.lastEventID
                    begin()
                    view.output(event.data)
                    return true
                }
                guard isBroken else { return start.map { ContinuousClock.now - $0 } }
                throw ClientError.interrupted(server: client.server.description, reason: "the server ended it")
            } catch let error as ClientError {
                try await wait(error, &reconnection)
            }
        }
    }

    /// - Throws: The error, when waiting would not help or was not enough.
    private func wait(_ error: ClientError, _ reconnection: inout Backoff) async throws {
        guard error.isTransient, reconnection.waited < Self.patience else { throw error }
        if reconnection.waited == .zero { view.console.note("The server does not answer; trying again for two minutes …") }
        try await Task.sleep(for: reconnection.next())
    }

    // MARK: Approval

    private enum Answer: Sendable {
        case typed(String?)
        case decidedElsewhere
    }

    /// Asks, unless somebody decides elsewhere before there is an answer.
    private func decide() async throws {
        view.ask()
        let answer = try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask { .typed(try await LineReader.line()) }
            group.addTask {
                while try await read().status == .waitingApproval { try await Task.sleep(for: .seconds(1)) }
                return .decidedElsewhere
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .decidedElsewhere
        }
        switch answer {
        case .decidedElsewhere:
            view.console.line("(decided elsewhere)")
        case .typed(let text):
            let isYes = text?.trimmingPrefix(/\s+/).prefix { $0.isWhitespace == false } == "yes"
            do {
                try await client.setStatus(isYes ? .approved : .rejected, ofJob: job, of: organization)
            } catch ClientError.refused(409, _) {
                view.console.line("(decided elsewhere)")
            }
        }
    }
}
