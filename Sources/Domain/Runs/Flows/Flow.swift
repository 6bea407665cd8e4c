package import Wire

/// What a job does: the steps of a template, in the order of their numbers (executor.md §1.1).
package struct Flow: Sendable, Equatable {
    package let steps: [FlowStep]

    package func step(number: Int) -> FlowStep? {
        steps.first { $0.number == number }
    }
}

/// One entry of a flow.
package struct FlowStep: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case action(StepAction)
        /// The job pauses until somebody of `team` (nil: anybody who can see it) approves.
        case approval(team: String?)
        /// The server does it itself, without an executor.
        case server(ServerAction)
    }

    /// What a step may ask of the server. Only templates may: their authors are trusted with more than a run.
    package enum ServerAction: Sendable, Equatable {
        /// Makes schedules of the job's workspace.
        case scheduleTemplates([TemplateSchedule])
        /// Deletes the job's workspace, as the last step of one that was made for a while.
        case disableWorkspace
    }

    /// A template, and when it is to run.
    package struct TemplateSchedule: Sendable, Equatable {
        let template: String
        let cron: String
    }

    package let number: Int
    package let name: String
    let kind: Kind
    let commands: [StepCommand]
    let onFailure: [StepCommand]
    let ignoresError: Bool

    /// The step as an executor gets it; nil for one that is none of its business.
    func assignment(id: String) -> StepAssignment? {
        let action: StepAction? =
            switch kind {
            case .action(let action): action
            case .approval: .approval
            case .server: nil
            }
        guard let action else { return nil }
        return StepAssignment(
            id: id,
            number: number,
            name: name,
            action: action,
            commands: commands,
            onFailure: onFailure,
            ignoresError: ignoresError
        )
    }
}

/// A flow that can't be run, and where it is wrong.
package struct FlowError: Error, Sendable, Equatable {
    /// The line in the YAML, from 1; nil when the flow as a whole is wrong.
    package let line: Int?
    package let problem: String

    package var message: String {
        line.map { "line \($0): \(problem)" } ?? problem
    }
}
