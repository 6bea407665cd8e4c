import AsyncHTTPClient
import Foundation
import TestSupport
import Testing

/// The real `terraform login`, with somebody in front of a browser.
@Suite(.timeLimit(.minutes(5)))
struct TerraformLoginTests {
    @Test("`terraform login` obtains a token that opens the API and is listed among the personal tokens")
    func login() async throws {
        try await withTemporaryDirectory { directory in
            let certificate = try Certificate.make(in: directory)
            let password = UUID().uuidString
            let environment = certificate.environment.merging(["TERRAKUBE_ADMIN_PASSWORD": password]) { _, new in new }
            try await withServerProcess(environment: environment, trusting: certificate.path) { server, client in
                let port = try #require(server.url.split(separator: ":").last)
                let host = "localhost:\(port)"
                let login = try TerraformLogin.start(host: host, home: directory, certificate: certificate.path)
                defer { login.stop() }
                var output = ""
                var hasVisited = false
                for await line in login.lines {
                    output += line + "\n"
                    if hasVisited == false, let url = line.wholeMatch(of: /\s*(https:\/\/\S+\/dex\/auth\?\S+)/) {
                        hasVisited = true
                        try await visit(String(url.1), host: host, password: password, certificate: certificate.path)
                    }
                }
                #expect(await login.exitCode() == 0, "\(output)")
                #expect(hasVisited, "\(output)")

                let file = try Data(contentsOf: directory.appending(path: ".terraform.d/credentials.tfrc.json"))
                let credentials = try #require(try JSONSerialization.jsonObject(with: file) as? [String: [String: [String: String]]])
                let token = try #require(credentials["credentials"]?[host]?["token"])
                let terraform = APIClient(url: server.url, token: token, http: client.http)
                #expect(try await terraform.get("/api/v1/organization").status == 200)
                #expect(try await terraform.get("/pat/v1").text.contains("terraform login"))
                #expect(
                    try await APIClient(url: server.url, token: token + "x", http: client.http).get("/api/v1/organization").status == 401
                )
            }
        }
    }

    /// Signs in, says yes, and follows the way back to Terraform's listener.
    private func visit(_ url: String, host: String, password: String, certificate: String) async throws {
        let http = try HTTPClient.trusting(certificate, redirects: .disallow)
        do {
            var browser = Browser(http: http)
            let origin = "https://\(host)"
            let login = try #require(try await browser.get(url).location)
            var form = try await browser.get(origin + login).fields
            form += [("username", "admin"), ("password", password)]
            let back = try #require(try await browser.post("\(origin)/login", form).location)
            let question = try await browser.get(origin + back)
            #expect(question.text.contains("The Terraform command line"))
            let answer = try await browser.post("\(origin)/dex/approval", question.fields + [("decision", "allow")])
            let listener = try #require(answer.location)
            #expect(listener.hasPrefix("http://localhost:100"))
            // A browser would not send this server's cookie to another port's listener over http: it is `__Host-` and Secure.
            browser.cookie = nil
            try #require(try await browser.get(listener).status == 200)
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
    }
}

/// The Terraform command line, waiting for its code.
private final class TerraformLogin: Sendable {
    let lines: AsyncStream<String>
    private let process: Process

    private init(process: Process, lines: AsyncStream<String>) {
        self.process = process
        self.lines = lines
    }

    /// - Parameter home: Where it keeps its credentials.
    static func start(host: String, home: URL, certificate: String) throws -> TerraformLogin {
        // Terraform does not make the folder for its credentials.
        try FileManager.default.createDirectory(at: home.appending(path: ".terraform.d"), withIntermediateDirectories: true)
        let configuration = home.appending(path: "terraform.rc")
        try Data().write(to: configuration)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["terraform", "login", host]
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": home.path, "SSL_CERT_FILE": certificate,
            "TF_CLI_CONFIG_FILE": configuration.path, "CHECKPOINT_DISABLE": "1",
        ]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data("yes\n".utf8))
        return TerraformLogin(process: process, lines: ServerProcess.lines(of: output.fileHandleForReading))
    }

    /// While it waits for a browser it heeds no polite signal.
    func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    func exitCode() async -> Int32 {
        await withCheckedContinuation { continuation in
            let process = process
            Thread.detachNewThread {
                process.waitUntilExit()
                continuation.resume(returning: process.terminationStatus)
            }
        }
    }
}
