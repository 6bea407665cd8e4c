import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// One child from spawn to exit, over swift-subprocess. Runs once.
///
/// Signals go to the group `-pid`. That is safe everywhere in here: swift-subprocess reaps the leader only after the
/// body has returned, and a number is not given away while a zombie holds it.
final class ChildProcess: Sendable {
    typealias Sink = @Sendable (Data) async throws -> Void

    private let command: ToolCommand
    private let graceful: Duration
    private let started: @Sendable (ProcessIdentity) -> Void
    private let output: Sink
    private let errors: Sink?

    private let stop: AsyncStream<Void>
    private let stopContinuation: AsyncStream<Void>.Continuation
    private let failure = Mutex<(any Error)?>(nil)
    private let hasSinkFailed = Mutex(false)

    /// - Parameter errors: Gets the standard error; without it, `output` gets both through one pipe.
    init(
        command: ToolCommand,
        graceful: Duration,
        started: @escaping @Sendable (ProcessIdentity) -> Void = { _ in },
        output: @escaping Sink,
        errors: Sink? = nil
    ) {
        self.command = command
        self.graceful = graceful
        self.started = started
        self.output = output
        self.errors = errors
        (stop, stopContinuation) = AsyncStream.makeStream()
    }

    /// Asks the group to end; `run` throws `CancellationError` once it has.
    func cancel() {
        end(because: CancellationError())
    }

    func run() async throws -> ToolExit {
        let configuration = try configuration()
        let input = try InputDescriptor.open(command.input)
        let outputPipe = try ChildPipe()
        let errorPipe = try errors == nil ? nil : ChildPipe()
        var isReading = false
        defer {
            if !isReading {
                try? outputPipe.readEnd.close()
                try? errorPipe?.readEnd.close()
            }
        }
        let result: ExecutionResult<Void, FileDescriptorOutput, FileDescriptorOutput>
        do {
            result = try await Subprocess.run(
                configuration,
                input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                output: .fileDescriptor(outputPipe.writeEnd, closeAfterSpawningProcess: true),
                error: .fileDescriptor(errorPipe?.writeEnd ?? outputPipe.duplicateWriteEnd(), closeAfterSpawningProcess: true)
            ) { execution in
                let process = execution.processIdentifier
                guard process.processDescriptor >= 0 else { throw ToolError.couldNotStart("programs need Linux 5.4 or newer") }
                if let identity = ProcessIdentity(of: process.value) { started(identity) }
                isReading = true
                await supervise(
                    group: -process.value,
                    ChildEvents(output: outputPipe.readEnd, errors: errorPipe?.readEnd, process: process.processDescriptor)
                )
            }
        } catch let error as SubprocessError {
            throw ToolError.couldNotStart("\(command.program) could not be started in \(command.directory): \(error)")
        }
        if let failure = failure.withLock(\.self) { throw failure }
        return switch result.terminationStatus {
        case .exited(let code): ToolExit(code: Int(code))
        case .signaled(let signal): ToolExit(code: 128 + Int(signal))
        }
    }

    private func configuration() throws -> Configuration {
        let path = try ExecutableLookup.path(of: command.executable, searchPath: command.environment["PATH"] ?? "")
        for (name, value) in command.environment where name.isEmpty || name.contains("=") || "\(name)\(value)".contains("\0") {
            throw ToolError.refused("the environment variable \(name.debugDescription) cannot be passed to a program")
        }
        guard !command.arguments.contains(where: { $0.contains("\0") }) else {
            throw ToolError.refused("an argument for \(command.program) contains a zero byte")
        }
        var options = PlatformOptions()
        // A new session is a new process group without a terminal: nothing in it can ask on a terminal or be reached
        // by a signal that was meant for the server.
        options.createSession = true
        return Configuration(
            executable: .path(FilePath(path)),
            arguments: Arguments(command.arguments),
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: command.environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
                )
            ),
            workingDirectory: FilePath(command.directory),
            platformOptions: options
        )
    }

    private func supervise(group: pid_t, _ events: ChildEvents) async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.signalWhenStopped(group) }
            do {
                while let event = try await events.next() {
                    switch event {
                    case .output(let chunk): await deliver(chunk, to: output)
                    case .errors(let chunk): await deliver(chunk, to: errors ?? output)
                    case .lingering: kill(group, SIGKILL)
                    }
                }
            } catch {
                end(because: error)
            }
            tasks.cancelAll()
        }
        kill(group, SIGKILL)
    }

    /// Nothing is delivered after a failure, but everything is read: a program that cannot write dies of it.
    private func deliver(_ chunk: Data, to sink: Sink) async {
        guard !hasSinkFailed.withLock(\.self) else { return }
        do {
            try await sink(chunk)
        } catch {
            hasSinkFailed.withLock { $0 = true }
            end(because: error)
        }
    }

    private func signalWhenStopped(_ group: pid_t) async {
        for await _ in stop {
            kill(group, SIGINT)
            do {
                try await Task.sleep(for: graceful)
            } catch {
                return
            }
            kill(group, SIGKILL)
        }
    }

    private func end(because error: any Error) {
        failure.withLock { failure in failure = failure ?? error }
        stopContinuation.yield()
        stopContinuation.finish()
    }
}
