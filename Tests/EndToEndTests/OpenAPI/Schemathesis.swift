import Foundation

/// Schemathesis, which makes requests from an OpenAPI document and holds the answers against it:
/// <https://schemathesis.readthedocs.io/>. `script/test` installs it.
enum Schemathesis {
    /// Nil when it is not on this machine.
    static let executable: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/schemathesis" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    struct Report {
        let exitCode: Int32
        let output: String
    }

    /// What every answer is held against: its status and its body are as documented, nothing is answered with 5xx, and
    /// nothing without a token.
    private static let checks = [
        "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
        "response_schema_conformance", "allow_header_conformance", "ignored_auth",
    ]

    /// - Parameters:
    ///   - document: A file with the OpenAPI document.
    ///   - folder: Where it may write, and where its configuration is.
    static func run(
        _ executable: String,
        document: String,
        client: APIClient,
        in folder: URL,
        _ arguments: [String]
    ) async throws -> Report {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "timeout", "--kill-after=5", "200", executable, "run", document, "--url", "\(client.url)/api/v1", "--header",
                "Authorization: Bearer \(client.token)", "--seed", "1", "--no-shrink", "--continue-on-failure", "--warnings", "off",
                "--checks", checks.joined(separator: ","),
            ] + arguments
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var output = ""
        for await line in ServerProcess.lines(of: pipe.fileHandleForReading) { output += line + "\n" }
        process.waitUntilExit()
        return Report(exitCode: process.terminationStatus, output: output)
    }
}
