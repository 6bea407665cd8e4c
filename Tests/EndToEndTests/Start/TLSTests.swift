import Foundation
import TestSupport
import Testing

/// The server behind its own TLS.
struct TLSTests {
    @Test("over TLS a server is healthy, and the runs on it reach their state")
    func tls() async throws {
        try await withTemporaryDirectory { directory in
            let (certificate, key) = (directory.appending(path: "tls.crt").path, directory.appending(path: "tls.key").path)
            let openssl = Process()
            openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            openssl.arguments = [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ]
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            openssl.waitUntilExit()
            try #require(openssl.terminationStatus == 0)

            let environment = ["TERRAKUBE_TLS_CERTIFICATE": certificate, "TERRAKUBE_TLS_KEY": key]
            try await withServerProcess(environment: environment, trusting: certificate) { server, client in
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
