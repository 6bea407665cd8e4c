import ArgumentParser
import AsyncHTTPClient
import Foundation

/// Which server a client verb talks to, and as whom.
struct ServerOptions: ParsableArguments {
    @Option(help: "The server's address. [TERRAKUBE_SERVER, http://localhost:8080]")
    var server: String?

    @Option(help: "A file with the access token; else TERRAKUBE_TOKEN is used. Never an argument: every user could read it.")
    var tokenFile: String?

    /// Runs `body` with a client of the server.
    func withClient<Result: Sendable>(_ body: (APIClient) async throws -> Result) async throws -> Result {
        let environment = ProcessInfo.processInfo.environment
        let server = server ?? environment["TERRAKUBE_SERVER"] ?? "http://localhost:8080"
        let token = try token(environment)
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            let result = try await body(APIClient(http: http, server: server, token: token))
            try await http.shutdown()
            return result
        } catch {
            try await http.shutdown()
            throw error
        }
    }

    private func token(_ environment: [String: String]) throws -> String {
        if let tokenFile {
            guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
                throw ClientError("The token file \(tokenFile) can't be read.")
            }
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard let token = environment["TERRAKUBE_TOKEN"], token.isEmpty == false else {
            throw ClientError("No token: set TERRAKUBE_TOKEN to one that `terrakube token create` made, or use --token-file.")
        }
        return token
    }
}
