import Executor
import Foundation
import Logging
import Tools
import Wire

/// An executor with a server to talk to, in a folder of its own.
struct ExecutorFixture: Sendable {
    let control = FakeControl()
    let states = StateServer()
    /// Removed after the test.
    let folder: String
    private let lastJob = Shared(0)

    /// Runs `body` with a state server; executors are started by the test.
    static func with(_ body: (ExecutorFixture) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "executor-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let fixture = ExecutorFixture(folder: folder)
        try await fixture.states.serving { try await body(fixture) }
    }

    /// As `with`, beside a running executor.
    static func withExecutor(
        slots: Int = 1,
        configure: (inout ExecutorConfiguration) -> Void = { _ in },
        _ body: (ExecutorFixture) async throws -> Void
    ) async throws {
        try await with { fixture in
            let executor = try fixture.executor(slots: slots, configure: configure)
            try await fixture.running(executor) { try await body(fixture) }
        }
    }

    func running(_ executor: ExecutorService, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await executor.run() }
            try await body()
            group.cancelAll()
        }
    }

    func dataDirectory(_ name: String = "one") -> String { "\(folder)/\(name)" }

    func executor(
        _ name: String = "one",
        slots: Int = 1,
        configure: (inout ExecutorConfiguration) -> Void = { _ in }
    ) throws -> ExecutorService {
        let environment = ProcessInfo.processInfo.environment
        let searchPath = environment["PATH"] ?? "/usr/bin:/bin"
        var configuration = ExecutorConfiguration(
            name: name,
            slots: slots,
            dataDirectory: dataDirectory(name),
            environment: environment,
            interruptionGrace: .seconds(10),
            shutdownGrace: .zero
        )
        configure(&configuration)
        var logger = Logger(label: "executor")
        logger.logLevel = .warning
        let nowhere = URL(filePath: "/nonexistent")
        return ExecutorService(
            configuration: configuration,
            control: control,
            git: try GitMirrors(cacheDirectory: "\(dataDirectory(name))/git", environment: environment),
            binaries: BinaryStore(
                cacheDirectory: "\(dataDirectory(name))/binaries",
                searchPath: searchPath,
                terraformReleases: nowhere,
                tofuReleases: nowhere,
                downloader: Offline(),
                now: { Date() }
            ),
            archives: ArchiveExtractor(searchPath: searchPath),
            logger: logger
        )
    }

    /// Puts a job into the queue.
    ///
    /// - Parameter files: The configuration, as the content by relative path.
    /// - Returns: The job's id.
    @discardableResult
    func start(
        _ steps: [StepAssignment],
        files: [String: String],
        folder: String = "/",
        toolVersion: String = "~> 1.11",
        variables: [JobVariable] = [],
        environment: [JobVariable] = [],
        options: PlanOptions = PlanOptions(),
        workspace: String = "w"
    ) async throws -> Int {
        let id = lastJob.change { $0 += 1 }
        let version = "version-\(id)"
        control.add(archive: try await archive(of: files), version: version)
        enqueue(
            id,
            steps,
            source: .archive(configurationVersion: version),
            folder: folder,
            toolVersion: toolVersion,
            variables: variables,
            environment: environment,
            options: options,
            workspace: workspace
        )
        return id
    }

    /// Puts a job with any source into the queue.
    @discardableResult
    func start(_ steps: [StepAssignment], source: JobSource, connection: String? = nil, folder: String = "/") -> Int {
        let id = lastJob.change { $0 += 1 }
        enqueue(id, steps, source: source, connection: connection, folder: folder)
        return id
    }

    private func enqueue(
        _ id: Int,
        _ steps: [StepAssignment],
        source: JobSource,
        connection: String? = nil,
        folder: String,
        toolVersion: String = "~> 1.11",
        variables: [JobVariable] = [],
        environment: [JobVariable] = [],
        options: PlanOptions = PlanOptions(),
        workspace: String = "w"
    ) {
        let assignment = JobAssignment(
            lease: JobLease(jobID: id, epoch: 0, token: StateServer.token),
            organization: Named(id: "org-id", name: "acme"),
            workspace: Named(id: "workspace-id", name: "prod"),
            source: source,
            connection: connection,
            folder: folder,
            tool: .terraform,
            toolVersion: toolVersion,
            environment: environment,
            variables: variables,
            options: options,
            stateURL: states.url(workspace),
            step: steps[0],
            hasStoredPlan: false,
            commit: nil
        )
        control.enqueue(assignment, steps: steps)
    }

    private func archive(of files: [String: String]) async throws -> Data {
        let content = "\(folder)/content-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: content) }
        for (path, text) in files {
            let file = URL(filePath: "\(content)/\(path)")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return try await ToolRunner().require(
            ToolCommand(
                executable: "tar",
                arguments: ["-czf", "-", "-C", content, "."],
                environment: ["PATH": "/usr/bin:/bin"],
                directory: "/"
            ),
            limit: 1 << 24
        )
    }
}

/// Releases that cannot be downloaded.
private struct Offline: ReleaseDownloader {
    func document(at url: URL, limit: Int) async throws -> Data {
        throw ToolError.unavailable("The release index could not be reached.")
    }

    func file(at url: URL, to path: String, limit: Int) async throws -> String {
        throw ToolError.unavailable("The release could not be reached.")
    }
}
