import Wire

extension StepAssignment {
    static func plan(_ id: String = "plan", commands: [StepCommand] = [], onFailure: [StepCommand] = [], ignoresError: Bool = false) -> Self
    {
        Self(
            id: id,
            number: 100,
            name: "Plan",
            action: .terraformPlan,
            commands: commands,
            onFailure: onFailure,
            ignoresError: ignoresError
        )
    }

    static func apply(_ id: String = "apply", commands: [StepCommand] = [], ignoresError: Bool = false) -> Self {
        Self(id: id, number: 200, name: "Apply", action: .terraformApply, commands: commands, ignoresError: ignoresError)
    }

    static func approval(_ id: String = "approval", commands: [StepCommand] = []) -> Self {
        Self(id: id, number: 150, name: "Approve", action: .approval, commands: commands)
    }

    static func scripts(_ id: String = "scripts", _ commands: [StepCommand], onFailure: [StepCommand] = []) -> Self {
        Self(id: id, number: 300, name: "Scripts", action: .customScripts, commands: commands, onFailure: onFailure)
    }
}

extension StepCommand {
    static func bash(_ script: String, priority: Int = 1, _ phases: Phase..., isVerbose: Bool = false) -> Self {
        Self(runtime: .bash, script: script, priority: priority, phases: phases, isVerbose: isVerbose)
    }
}
