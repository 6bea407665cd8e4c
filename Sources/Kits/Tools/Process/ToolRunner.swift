package import Foundation
import Synchronization

/// Runs external programs: each in its own session, with exactly the environment that it was given, and never
/// outliving the call. A process that is left over in the session when the program has ended is killed.
package struct ToolRunner: Sendable {
    package init() {}

    /// Runs a program and hands on its standard output and standard error, in the order in which they were written.
    ///
    /// When the task is cancelled, the whole process group gets SIGINT, as from a terminal, and after `graceful`
    /// SIGKILL. Until it has ended, its output is still read and handed on: Terraform saves its state in that time.
    ///
    /// - Parameters:
    ///   - graceful: How long an interrupted program may take to stop by itself.
    ///   - started: Called once with the identity of the running process, which leads its group.
    ///   - output: Gets the bytes as they come, not cut at lines. The program waits while it runs (back-pressure). It
    ///     is not cancelled with the caller. When it throws, the program is stopped as above and the error thrown on.
    /// - Returns: The exit, whatever the code.
    /// - Throws: `CancellationError` when it was cancelled, once the process is gone; `ToolError` when it could not start.
    package func run(
        _ command: ToolCommand,
        graceful: Duration = .seconds(30),
        started: @escaping @Sendable (ProcessIdentity) -> Void = { _ in },
        output: @escaping @Sendable (Data) async throws -> Void
    ) async throws -> ToolExit {
        try await supervise(ChildProcess(command: command, graceful: graceful, started: started, output: output))
    }

    /// Runs a program for its standard output.
    ///
    /// - Parameter limit: How many bytes of standard output are accepted.
    /// - Returns: The exit, whatever the code, the standard output, and the last 8 KiB of the standard error.
    /// - Throws: As `run`, and `ToolError.outputTooLarge`.
    package func capture(
        _ command: ToolCommand,
        limit: Int
    ) async throws -> (exit: ToolExit, standardOutput: Data, standardError: String) {
        let collected = Mutex(Data())
        let result = try await stream(command) { chunk in
            let isWithinLimit = collected.withLock { collected in
                collected.append(chunk)
                return collected.count <= limit
            }
            guard isWithinLimit else { throw ToolError.outputTooLarge(program: command.program, limit: limit) }
        }
        return (result.exit, collected.withLock(\.self), result.standardError)
    }

    /// Runs a program for its standard output, which `output` gets as it comes; otherwise as `capture`.
    package func stream(
        _ command: ToolCommand,
        output: @escaping @Sendable (Data) async throws -> Void
    ) async throws -> (exit: ToolExit, standardError: String) {
        let errors = Mutex(Tail(limit: 8192))
        let exit = try await supervise(
            ChildProcess(
                command: command,
                graceful: .seconds(5),
                output: output,
                errors: { chunk in errors.withLock { $0.append(chunk) } }
            )
        )
        return (exit, errors.withLock(\.text))
    }

    /// As `capture`, for programs that have to succeed.
    ///
    /// - Throws: As `capture`, and `ToolError.failed` with what the program said.
    package func require(_ command: ToolCommand, limit: Int = 1 << 20) async throws -> Data {
        let result = try await capture(command, limit: limit)
        guard result.exit.isSuccess else {
            throw ToolError.failed(program: command.program, code: result.exit.code, detail: result.standardError)
        }
        return result.standardOutput
    }

    private func supervise(_ child: ChildProcess) async throws -> ToolExit {
        try Task.checkCancellation()
        // A task of its own, awaited below: in a cancelled one nothing could be awaited any more, and the child has to
        // be read until it is gone.
        let work = Task { try await child.run() }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            child.cancel()
        }
    }
}

/// The last bytes of a stream.
private struct Tail {
    let limit: Int
    private var bytes = Data()

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ chunk: Data) {
        bytes.append(chunk)
        if bytes.count > limit { bytes = Data(bytes.suffix(limit)) }
    }

    var text: String {
        String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
