import TestSupport
import Testing

/// The server behind its own TLS.
struct TLSTests {
    @Test("over TLS a server is healthy, and the runs on it reach their state")
    func tls() async throws {
        try await withTemporaryDirectory { directory in
            let certificate = try Certificate.make(in: directory)
            try await withServerProcess(environment: certificate.environment, trusting: certificate.path) { server, client in
                #expect(server.url.hasPrefix("https://"))
                #expect(try await client.get("/health").status == 200)
                let project = try await Project.make(on: client)
                try await project.upload(#"resource "terraform_data" "x" { input = 1 }"#)
                let run = try await project.start(Flow.planAndApply)
                #expect(try await run.end() == "completed")
                #expect(try await project.states().count == 1)
            }
        }
    }
}
