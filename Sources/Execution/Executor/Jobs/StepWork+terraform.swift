import Foundation
import Glibc
import Tools
import Wire

extension StepWork {
    /// Once per directory.
    func initialize() async throws {
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

    func plan(destroy: Bool) async throws -> Ending {
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
            kit: kit,
            lease: assignment.lease,
            stepID: step.id,
            prepared: prepared,
            environment: environment,
            plan: link
        )
        return Ending(outcome: .planned(hasChanges: exit.code == 2), exitCode: exit.code, document: isLinked ? document : nil)
    }

    func apply() async throws -> Ending {
        await log.write(LogText.heading("Running \(toolName) APPLY"))
        let isPlanned = hasPlan
        let exit = try await terraformOutliving(isPlanned ? TerraformArguments.applyPlan : TerraformArguments.apply(assignment.options))
        // Also a plan that could be applied only in part is used up.
        if isPlanned { try prepared.directory.markPlanApplied(in: prepared.folder) }
        guard exit.isSuccess else { throw failure(of: "apply", exit) }
        return Ending(outcome: .succeeded, exitCode: exit.code)
    }

    func destroy() async throws -> Ending {
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

    private func terraform(_ arguments: [String]) async throws -> ToolExit {
        try await process.run(prepared.binary, arguments, environment: currentEnvironment, in: prepared.folder)
    }

    private func terraformOutliving(_ arguments: [String]) async throws -> ToolExit {
        try await process.runOutliving(
            prepared.binary,
            arguments,
            environment: currentEnvironment,
            in: prepared.folder,
            searchPath: kit.configuration.environment["PATH"] ?? ChildEnvironment.defaultSearchPath
        )
    }

    private var currentEnvironment: ChildEnvironment {
        environment.adding(scriptLines: prepared.directory.scriptEnvironment)
    }
}
