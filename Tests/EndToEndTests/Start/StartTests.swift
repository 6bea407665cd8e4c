import Foundation
import NIOHTTP1
import TestSupport
import Testing

/// The black-box contract: how the binary starts, stops and answers.
struct StartTests {
    @Test("a server answers its health, keeps its files to itself, and stops with 0 on SIGTERM", arguments: TestEngine.allCases)
    func lifecycle(engine: TestEngine) async throws {
        try await withTemporaryDirectory { directory in
            try await withDatabaseURL(engine) { database in
                let data = directory.appending(path: "data").path
                let environment = engine == .postgres ? ["TERRAKUBE_DATABASE_URL": database] : [:]
                let server = try await ServerProcess.start(dataDirectory: data, environment: environment)
                let client = APIClient(url: server.url, token: try await server.token())
                #expect(try await client.get("/health").status == 200)
                #expect(try await client.get("/actuator/health").status == 200)
                #expect(try await client.send(.HEAD, "/health").status == 200)
                #expect(try await client.get("/api/v1/nothing").status == 404)
                for file in ["secret-key", "initial-admin-password"] {
                    let mode = try FileManager.default.attributesOfItem(atPath: "\(data)/\(file)")[.posixPermissions] as? Int
                    #expect(mode == 0o600, "\(file)")
                }
                #expect(await server.terminate() == 0)

                // Without a server the verb works on the same data, and the token is good on the next start.
                let token = try await server.token()
                let again = try await server.restarted()
                #expect(try await APIClient(url: again.url, token: token).get("/api/v1/organization").status == 200)
                #expect(await again.terminate() == 0)
            }
        }
    }

    @Test("`terrakube run` plans and applies a directory, with the log on the terminal")
    func runVerb() async throws {
        try await withServerProcess { _, client in
            let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../examples/hello").standardizedFileURL.path
            let output = try await ServerProcess.run(
                ["run", "--server", client.url, "--dir", example, "--organization", "demo", "--workspace", "hello", "--auto-approve"],
                environment: ["TERRAKUBE_TOKEN": client.token]
            )
            #expect(output.contains("Apply complete!"))
            #expect(output.contains("Hello, world!"))
        }
    }
}
