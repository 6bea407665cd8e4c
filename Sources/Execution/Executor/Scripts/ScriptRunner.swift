import Foundation
import Tools
import Wire

/// Runs the scripts of a step, one after the other, with their output in the log while they run.
struct ScriptRunner: Sendable {
    let process: StepProcess
    let directory: JobDirectory
    let environment: ChildEnvironment
    /// Where the scripts run.
    let folder: String

    /// Runs scripts in the order of their priority, and stops at the first that fails.
    ///
    /// - Throws: `StepFailure`.
    func run(_ commands: [StepCommand]) async throws {
        for command in commands.enumerated().sorted(by: Self.precedes).map(\.element) {
            try await run(command)
        }
    }

    /// Of the same priority, the one that the flow names first.
    private static func precedes(_ left: (offset: Int, element: StepCommand), _ right: (offset: Int, element: StepCommand)) -> Bool {
        (left.element.priority, left.offset) < (right.element.priority, right.offset)
    }

    private func run(_ command: StepCommand) async throws {
        let environment = environment.adding(scriptLines: directory.scriptEnvironment)
        let interpreter = try interpreter(of: command.runtime, searchPath: environment.variables["PATH"] ?? "")
        if command.isVerbose {
            await process.log.write(LogText.heading("Running \(command.runtime.rawValue) script with priority \(command.priority)"))
            await process.log.write(command.script.hasSuffix("\n") ? command.script : command.script + "\n")
        }
        let file = "\(directory.scripts)/\(UUID().uuidString).\(command.runtime == .bash ? "sh" : "groovy")"
        try PrivateFile.write(command.script, to: file)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let exit = try await process.run(interpreter, [file], environment: environment, in: folder)
        guard exit.isSuccess else {
            await process.log.write("Script Exit Code ==>\(exit.code)\n")
            throw StepFailure("A script ended with exit code \(exit.code).", exitCode: exit.code, isInLog: true)
        }
    }

    private func interpreter(of runtime: StepCommand.Runtime, searchPath: String) throws -> String {
        do {
            switch runtime {
            case .bash: return try ExecutableLookup.path(of: "bash", searchPath: searchPath)
            case .groovy: return try ExecutableLookup.path(of: "groovy", searchPath: searchPath)
            }
        } catch ToolError.missingProgram where runtime == .groovy {
            throw StepFailure(
                "This step has a GROOVY script, and the executor has no groovy on its PATH. Install Groovy there, or use the runtime BASH."
            )
        }
    }
}
