import Foundation
import TestSupport
import Testing

/// The server against requests that a machine makes up from the server's own description.
@Suite(.enabled(if: Schemathesis.executable != nil, "schemathesis is not on this machine"), .serialized, .timeLimit(.minutes(5)))
struct FuzzTests {
    /// On PostgreSQL, the stricter engine.
    @Test("every operation answers as it is documented")
    func everything() async throws {
        try await withServerProcess(.postgres) { _, client in
            try await fuzz(client, configuration: "", ["--phases", "examples,fuzzing", "--max-examples", "2"])
        }
    }

    @Test("what hangs below real resources answers as it is documented, whatever is sent")
    func deep() async throws {
        try await withServerProcess { _, client in
            let project = try await Project.make(on: client)
            let configuration = """
                [parameters]
                organizationId = "\(project.organization)"
                workspaceId = "\(project.workspace)"

                """
            // What all the rest hangs below must stay.
            let kept = ["/organization/{organizationId}", "/workspace/{workspaceId}"].flatMap { path in
                ["PATCH", "DELETE"].map { "[[operations]]\ninclude-name = \"\($0) \(path)\"\nenabled = false\n" }
            }
            try await fuzz(
                client,
                configuration: configuration + kept.joined(),
                ["--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--include-path-regex", "^/(\(Self.deepPaths))$"]
            )
            let tags = try await client.get("/api/v1/organization/\(project.organization)/tag")
            #expect(tags.resources.isEmpty == false, "some of what was sent made sense")
        }
    }

    /// One of each kind of path, for what all types share.
    private static let deepPaths = [
        "operations", #"workspace/\{workspaceId\}(/variable.*|/job.*|/relationships/.*)?"#,
        #"organization(/\{organizationId\}(/tag.*|/workspace)?)?"#,
    ].joined(separator: "|")

    private func fuzz(_ client: APIClient, configuration: String, _ arguments: [String]) async throws {
        let executable = try #require(Schemathesis.executable)
        try await withTemporaryDirectory { folder in
            let document = folder.appending(path: "openapi.json")
            try await client.get("/doc").body.write(to: document)
            try Data(configuration.utf8).write(to: folder.appending(path: "schemathesis.toml"))
            let report = try await Schemathesis.run(executable, document: document.path, client: client, in: folder, arguments)
            #expect(report.exitCode == 0, "\(report.output.suffix(8000))")
            #expect(report.output.contains("No issues found"), "\(report.output.suffix(2000))")
        }
        #expect(try await client.get("/health").status == 200)
    }
}
