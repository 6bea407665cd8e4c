import Foundation
import Tools

/// Why a step failed, in words for the person who looks at the run.
struct StepFailure: Error, Sendable, Hashable {
    let message: String
    /// The exit code of the process that failed, where there was one.
    let exitCode: Int?
    /// Whether the log already shows the reason, because the process itself wrote it.
    let isInLog: Bool

    init(_ message: String, exitCode: Int? = nil, isInLog: Bool = false) {
        self.message = message
        self.exitCode = exitCode
        self.isInLog = isInLog
    }

    /// What the tools say is written for people; what Foundation says about a file is good enough.
    init(_ error: any Error) {
        switch error {
        case let failure as StepFailure: self = failure
        case let error as ToolError: self.init(Self.sentence(error.description))
        default: self.init(Self.sentence("\(error)"))
        }
    }

    private static func sentence(_ text: String) -> String {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.last.map { ".!?".contains($0) } == true ? text : text + "."
    }
}
