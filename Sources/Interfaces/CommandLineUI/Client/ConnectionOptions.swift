import ArgumentParser
import Foundation

/// Which server a verb talks to, and as whom. The token is no argument: those can be read by every user of the machine.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "The server's address. [TERRAKUBE_SERVER, http://localhost:8080]")
    var server: String?

    @Option(help: "A file that holds the access token. [the token itself in TERRAKUBE_TOKEN]", completion: .file())
    var tokenFile: String?

    /// Runs `body` with a client of that server.
    func withClient<Result>(_ body: (APIClient) async throws -> Result) async throws -> Result {
        let environment = ProcessInfo.processInfo.environment
        return try await APIClient.with(
            server: try serverURL(environment: environment),
            token: try token(environment: environment),
            body
        )
    }

    func serverURL(environment: [String: String]) throws(ClientError) -> ServerURL {
        let variable = environment["TERRAKUBE_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
        return try ServerURL(server ?? variable ?? "http://localhost:8080")
    }

    /// - Throws: `ClientError.invalid` when there is no token, or none that a header could carry.
    func token(environment: [String: String]) throws(ClientError) -> String {
        var text = environment["TERRAKUBE_TOKEN"] ?? ""
        if let tokenFile {
            do {
                text = try String(contentsOfFile: tokenFile, encoding: .utf8)
            } catch {
                throw .invalid("The token file \(tokenFile) can't be read.")
            }
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard token.isEmpty == false else {
            throw .invalid(
                """
                There is no access token: set TERRAKUBE_TOKEN, or give --token-file FILE.
                `terrakube token create --user admin --description cli` makes one beside the server.
                """
            )
        }
        guard token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .invalid("The access token holds characters that no token has.")
        }
        return token
    }
}
