/// One step of a flow, for an executor.
package struct StepAssignment: Codable, Sendable, Hashable {
    package let id: String
    package let number: Int
    package let name: String
    package let action: StepAction
    package let commands: [StepCommand]
    /// Run when the action, its init or a script before it failed.
    package let onFailure: [StepCommand]
    package let ignoresError: Bool

    package init(
        id: String,
        number: Int,
        name: String,
        action: StepAction,
        commands: [StepCommand] = [],
        onFailure: [StepCommand] = [],
        ignoresError: Bool = false
    ) {
        self.id = id
        self.number = number
        self.name = name
        self.action = action
        self.commands = commands
        self.onFailure = onFailure
        self.ignoresError = ignoresError
    }
}

/// What an executor can be asked to do. The spelling is the flow's own.
package enum StepAction: String, Codable, Sendable {
    case terraformPlan
    case terraformPlanDestroy
    case terraformApply
    case terraformDestroy
    case customScripts
    /// An approved approval step: only its commands run.
    case approval
}

/// A script of a step.
package struct StepCommand: Codable, Sendable, Hashable {
    package enum Runtime: String, Codable, Sendable {
        case bash = "BASH"
        case groovy = "GROOVY"
    }

    package enum Phase: String, Codable, Sendable {
        case beforeInit
        case before
        case after
    }

    package let runtime: Runtime
    package let script: String
    package let priority: Int
    package let phases: [Phase]
    /// Prints the script before it runs.
    package let isVerbose: Bool

    package init(runtime: Runtime, script: String, priority: Int, phases: [Phase], isVerbose: Bool = false) {
        self.runtime = runtime
        self.script = script
        self.priority = priority
        self.phases = phases
        self.isVerbose = isVerbose
    }
}

/// How a step ended.
package struct StepResult: Codable, Sendable, Hashable {
    package enum Outcome: Codable, Sendable, Hashable {
        case succeeded
        /// A plan that ended well; `hasChanges` is exit code 2 of `-detailed-exitcode`.
        case planned(hasChanges: Bool)
        case failed(message: String)
        case cancelled
    }

    package let stepID: String
    package let outcome: Outcome
    /// The process's own exit code, where there was one.
    package let exitCode: Int?

    package init(stepID: String, outcome: Outcome, exitCode: Int? = nil) {
        self.stepID = stepID
        self.outcome = outcome
        self.exitCode = exitCode
    }
}

/// What an executor does after a step.
package enum NextAction: Codable, Sendable, Hashable {
    case run(StepAssignment)
    /// The job waits for a person. The executor may keep the working directory for when it goes on.
    case pause
    /// The job is over.
    case stop
}
