import Tools
import Wire

/// What one step does in a prepared directory.
struct StepWork: Sendable {
    let kit: ExecutorKit
    let assignment: JobAssignment
    let step: StepAssignment
    let prepared: PreparedJob
    let environment: ChildEnvironment
    let log: LogShipper

    /// How the step ended, when it ran to its end.
    struct Ending: Sendable {
        var outcome: StepResult.Outcome
        var exitCode: Int?
        /// What is still to be made of the plan.
        var document: PlanDocument?
    }

    /// - Throws: `StepFailure`, which is in the log already; `LeaseLost`; `CancellationError`.
    func run() async throws -> Ending {
        await log.write(
            LogText.banner(job: assignment.lease.jobID, step: step.name, tool: assignment.tool.rawValue, version: prepared.version)
        )
        switch step.action {
        case .customScripts, .approval:
            return try await explainingFailure {
                try await scripts(in: prepared.directory.checkout).run(step.commands)
                return Ending(outcome: .succeeded)
            }
        case .terraformPlan, .terraformPlanDestroy, .terraformApply, .terraformDestroy:
            return try await runTerraform()
        }
    }

    private func runTerraform() async throws -> Ending {
        let ending = try await explainingFailure {
            try await runScripts(.beforeInit)
            try await initialize()
            try await runScripts(.before)
            return try await operate()
        }
        try await explainingFailure(runsOnFailure: false) { try await runScripts(.after) }
        return ending
    }

    /// Runs the action itself. A failure that the flow ignores is no error here, so that the scripts after it run.
    private func operate() async throws -> Ending {
        do {
            switch step.action {
            case .terraformPlan: return try await plan(destroy: false)
            case .terraformPlanDestroy: return try await plan(destroy: true)
            case .terraformApply: return try await apply()
            case .terraformDestroy: return try await destroy()
            case .customScripts, .approval: return Ending(outcome: .succeeded)
            }
        } catch let failure as StepFailure where step.ignoresError && step.action != .terraformDestroy {
            let failure = await report(failure)
            try await runOnFailure()
            // A plan that failed ends the job even so, there is nothing to apply; an apply that failed counts as done.
            let outcome: StepResult.Outcome = step.action == .terraformApply ? .succeeded : .failed(message: failure.message)
            return Ending(outcome: outcome, exitCode: failure.exitCode)
        }
    }
}

extension StepWork {
    private func runScripts(_ phase: StepCommand.Phase) async throws {
        let commands = step.commands.filter { $0.phases.contains(phase) }
        guard !commands.isEmpty else { return }
        try await scripts(in: prepared.folder).run(commands)
    }

    private func runOnFailure() async throws {
        guard !step.onFailure.isEmpty else { return }
        try await scripts(in: prepared.folder).run(step.onFailure)
    }

    var process: StepProcess {
        StepProcess(runner: kit.runner, log: log, grace: kit.configuration.interruptionGrace)
    }

    private func scripts(in folder: String) -> ScriptRunner {
        ScriptRunner(
            process: process,
            directory: prepared.directory,
            environment: environment.forScript(
                of: step,
                in: folder,
                job: assignment,
                prepared: prepared,
                apiURL: kit.configuration.apiURL
            ),
            folder: folder
        )
    }

    /// Writes a failure to the log and runs what the flow wants to be run then. The first failure is the one that
    /// counts.
    private func explainingFailure<Value>(runsOnFailure: Bool = true, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error where !(error is CancellationError || error is LeaseLost) {
            let failure = await report(StepFailure(error))
            guard runsOnFailure else { throw failure }
            do {
                try await runOnFailure()
            } catch let error as StepFailure {
                await report(error)
            }
            throw failure
        }
    }

    @discardableResult
    private func report(_ failure: StepFailure) async -> StepFailure {
        if !failure.isInLog { await log.write(LogText.error(failure.message)) }
        return StepFailure(failure.message, exitCode: failure.exitCode, isInLog: true)
    }
}
