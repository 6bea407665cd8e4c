import AsyncHTTPClient
import Foundation
import TestSupport

/// The shipped binary, serving from a data directory of its own.
final class ServerProcess: Sendable {
    struct Failure: Error {
        let output: String
    }

    /// Such as `http://127.0.0.1:40123`.
    let url: String
    let dataDirectory: String
    private let environment: [String: String]
    private let process: Process

    private init(url: String, dataDirectory: String, environment: [String: String], process: Process) {
        self.url = url
        self.dataDirectory = dataDirectory
        self.environment = environment
        self.process = process
    }

    /// The binary beside the test bundle, or the one that TERRAKUBE_BINARY names.
    static var binary: String {
        if let named = ProcessInfo.processInfo.environment["TERRAKUBE_BINARY"] { return named }
        return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "terrakube").path
    }

    /// Starts a server and waits until it says that it is ready.
    ///
    /// - Parameter listen: Port 0 picks one.
    static func start(
        dataDirectory: String,
        listen: String = "127.0.0.1:0",
        environment: [String: String] = [:]
    ) async throws -> ServerProcess {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = ["serve", "--data-dir", dataDirectory, "--listen", listen]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let pipe = Pipe()
        process.standardOutput = pipe
        let log = Self.log(of: dataDirectory)
        if FileManager.default.fileExists(atPath: log) == false { _ = FileManager.default.createFile(atPath: log, contents: nil) }
        let logHandle = FileHandle(forWritingAtPath: log)
        logHandle?.seekToEndOfFile()
        process.standardError = logHandle
        try process.run()
        let lines = Self.lines(of: pipe.fileHandleForReading)
        var output = ""
        for await line in lines {
            output += line + "\n"
            if line.hasPrefix("Terrakube is ready at ") {
                return ServerProcess(
                    url: String(line.dropFirst("Terrakube is ready at ".count)),
                    dataDirectory: dataDirectory,
                    environment: environment,
                    process: process
                )
            }
        }
        throw Failure(output: output)
    }

    /// The lines of a pipe, read to its end by a thread of their own: the process must never block on it.
    static func lines(of handle: FileHandle) -> AsyncStream<String> {
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        Thread.detachNewThread {
            var rest = ""
            while case let bytes = handle.availableData, bytes.isEmpty == false {
                rest += String(decoding: bytes, as: UTF8.self)
                let parts = rest.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                for line in parts.dropLast() { continuation.yield(line) }
                rest = parts.last ?? ""
            }
            continuation.finish()
        }
        return lines
    }

    /// Everything that it logged, also before a restart.
    var log: String { (try? String(contentsOfFile: Self.log(of: dataDirectory), encoding: .utf8)) ?? "" }

    private static func log(of dataDirectory: String) -> String { "\(dataDirectory).log" }

    /// A new server on the same data and the same address.
    func restarted() async throws -> ServerProcess {
        try await Self.start(
            dataDirectory: dataDirectory,
            listen: String(url.dropFirst("http://".count)),
            environment: environment
        )
    }

    /// Ends the process as a crash of the machine would.
    func kill9() async {
        kill(process.processIdentifier, SIGKILL)
        await waitForExit()
    }

    /// Asks it to stop.
    ///
    /// - Returns: The exit code.
    @discardableResult
    func terminate() async -> Int32 {
        process.terminate()
        return await waitForExit()
    }

    @discardableResult
    private func waitForExit() async -> Int32 {
        await withCheckedContinuation { continuation in
            let process = process
            Thread.detachNewThread {
                process.waitUntilExit()
                continuation.resume(returning: process.terminationStatus)
            }
        }
    }

    /// A new personal access token of the administrator.
    func token() async throws -> String {
        try await Self.run(
            ["token", "create", "--data-dir", dataDirectory, "--user", "admin", "--description", "test"],
            environment: environment
        )
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs another verb of the binary to its end.
    ///
    /// - Throws: `Failure` with what it printed, when it does not end with 0.
    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
        guard process.terminationStatus == 0 else { throw Failure(output: output) }
        return output
    }
}

/// Runs `body` with a server on a fresh data directory and a fresh database, and ends both.
///
/// - Parameter certificate: A PEM file that the client trusts besides the machine's own.
func withServerProcess<Result: Sendable>(
    _ engine: TestEngine = .sqlite,
    environment: [String: String] = [:],
    trusting certificate: String? = nil,
    _ body: (ServerProcess, APIClient) async throws -> Result
) async throws -> Result {
    try await withTemporaryDirectory { directory in
        try await withDatabaseURL(engine) { database in
            var environment = environment
            if engine == .postgres { environment["TERRAKUBE_DATABASE_URL"] = database }
            let server = try await ServerProcess.start(dataDirectory: directory.appending(path: "data").path, environment: environment)
            let http = try HTTPClient.trusting(certificate)
            do {
                let result = try await body(server, APIClient(url: server.url, token: try await server.token(), http: http))
                await server.terminate()
                try await http.shutdown()
                return result
            } catch {
                await server.kill9()
                try await http.shutdown()
                throw error
            }
        }
    }
}
