import Foundation
import Glibc
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

// MARK: - Terraform

extension StepWork {
    /// Once per directory.
    private func initialize() async throws {
        let lockFile = "\(prepared.folder)/\(JobDirectory.lockFile)"
        if step.action == .terraformApply, assignment.hasStoredPlan, !hasPlan, !prepared.directory.isPlanApplied {
            try await restorePlan(lockFile: lockFile)
        }
        guard !prepared.directory.isInitialized else { return }
        try kit.plugins.offer(to: prepared.directory.plugins, lock: DependencyLock(contentsOf: lockFile))
        let exit = try await terraform(TerraformArguments.initialize)
        guard exit.isSuccess else { throw failure(of: "init", exit) }
        try prepared.directory.markInitialized()
    }

    private var hasPlan: Bool { PrivateFile.exists("\(prepared.folder)/\(JobDirectory.planFile)") }

    /// Brings the plan here that an earlier step made, perhaps on another executor.
    private func restorePlan(lockFile: String) async throws {
        let bundle = try await kit.persistently { try await kit.control.storedPlan(lease: assignment.lease) }
        try PrivateFile.write(bundle.plan, to: "\(prepared.folder)/\(JobDirectory.planFile)")
        if let lock = bundle.lockFile, !prepared.directory.isInitialized { try PrivateFile.write(lock, to: lockFile) }
    }

    private func plan(destroy: Bool) async throws -> Ending {
        await log.write(LogText.heading("Running \(toolName) PLAN"))
        let exit = try await terraform(TerraformArguments.plan(assignment.options, destroy: destroy))
        // `-detailed-exitcode`: 0 is a plan without changes, 2 one with changes.
        guard exit.code == 0 || exit.code == 2 else { throw failure(of: "plan", exit) }
        prepared.directory.markPlanned()
        let plan = "\(prepared.folder)/\(JobDirectory.planFile)"
        let link = "\(prepared.directory.documents)/\(step.id)"
        let isLinked = Glibc.link(plan, link) == 0
        let bundle = try PlanBundle(
            plan: Data(contentsOf: URL(filePath: plan)),
            lockFile: try? Data(contentsOf: URL(filePath: "\(prepared.folder)/\(JobDirectory.lockFile)"))
        )
        try await kit.persistently { try await kit.control.storePlan(bundle, step: step.id, lease: assignment.lease) }
        let document = PlanDocument(
            kit: kit, lease: assignment.lease, stepID: step.id, prepared: prepared, environment: environment, plan: link
        )
        return Ending(outcome: .planned(hasChanges: exit.code == 2), exitCode: exit.code, document: isLinked ? document : nil)
    }

    private func apply() async throws -> Ending {
        await log.write(LogText.heading("Running \(toolName) APPLY"))
        let isPlanned = hasPlan
        let exit = try await terraformOutliving(isPlanned ? TerraformArguments.applyPlan : TerraformArguments.apply(assignment.options))
        // Also a plan that could be applied only in part is used up.
        if isPlanned { try prepared.directory.markPlanApplied(in: prepared.folder) }
        guard exit.isSuccess else { throw failure(of: "apply", exit) }
        return Ending(outcome: .succeeded, exitCode: exit.code)
    }

    private func destroy() async throws -> Ending {
        await log.write(LogText.heading("Running \(toolName) DESTROY"))
        let exit = try await terraformOutliving(TerraformArguments.destroy(assignment.options))
        guard exit.isSuccess else { throw failure(of: "destroy", exit) }
        return Ending(outcome: .succeeded, exitCode: exit.code)
    }

    private var toolName: String { assignment.tool.rawValue.capitalized }

    private func failure(of command: String, _ exit: ToolExit) -> StepFailure {
        let message = "\(assignment.tool.rawValue) \(command) failed with exit code \(exit.code). The log has its reasons."
        return StepFailure(message, exitCode: exit.code, isInLog: true)
    }

    private var process: StepProcess {
        StepProcess(runner: kit.runner, log: log, grace: kit.configuration.interruptionGrace)
    }

    private func terraform(_ arguments: [String]) async throws -> ToolExit {
        try await process.run(prepared.binary, arguments, environment: currentEnvironment, in: prepared.folder)
    }

    private func terraformOutliving(_ arguments: [String]) async throws -> ToolExit {
        try await process.runOutliving(
            prepared.binary, arguments, environment: currentEnvironment, in: prepared.folder,
            searchPath: kit.configuration.environment["PATH"] ?? ChildEnvironment.defaultSearchPath
        )
    }

    private var currentEnvironment: ChildEnvironment {
        environment.adding(scriptLines: prepared.directory.scriptEnvironment)
    }
}

// MARK: - Scripts and failures

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

    private func scripts(in folder: String) -> ScriptRunner {
        ScriptRunner(
            process: process,
            directory: prepared.directory,
            environment: environment.forScript(
                of: step, in: folder, job: assignment, prepared: prepared, apiURL: kit.configuration.apiURL
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

extension DependencyLock {
    /// Nil when there is no such file.
    init?(contentsOf path: String) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        self.init(text)
    }
}
