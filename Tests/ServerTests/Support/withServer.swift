import Database
import Foundation
import HummingbirdTesting
import Identity
import Server
import Service
import TestSupport

/// Runs `body` with a new server, whose database and data directory are removed afterwards.
@discardableResult
func withServer<Result: Sendable>(
    _ engine: TestEngine,
    clock: TestClock = TestClock(),
    configure: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (TestServer) async throws -> Result
) async throws -> Result {
    try await withTemporaryDirectory { directory in
        try await withDatabaseURL(engine) { url in
            // SQLite in the data directory, as on one machine: then all that there is on disk is in one place.
            let url: String? = engine == .sqlite ? nil : url
            var configuration = ServerConfiguration()
            configuration.dataDirectory = directory.path(percentEncoded: false)
            configuration.databaseURL = url
            configuration.executors = 0
            configuration.publicURL = TestServer.publicURL
            configuration.administratorPassword = "correct horse"
            configure(&configuration)
            return try await withServer(configuration, clock: clock, body)
        }
    }
}

/// Runs `body` with a server that is configured like this, for what outlives one server.
@discardableResult
func withServer<Result: Sendable>(
    _ configuration: ServerConfiguration,
    clock: TestClock = TestClock(),
    _ body: @escaping @Sendable (TestServer) async throws -> Result
) async throws -> Result {
    let persistence = try await Persistence(configuration, time: TimeSource(now: clock.now), passwordCost: .least)
    do {
        let server = try Server(configuration, persistence: persistence, logger: TestServer.logger)
        guard let administrator = try await persistence.users.find(username: "admin") else { throw NoAdministrator() }
        let token = try await persistence.tokens.create(for: administrator, description: "test", days: 0)
        let result = try await server.application().test(.router) { client in
            try await body(
                TestServer(
                    server: server,
                    clock: clock,
                    dataDirectory: URL(fileURLWithPath: configuration.dataDirectory),
                    client: client,
                    administratorToken: token
                )
            )
        }
        await persistence.database.close()
        return result
    } catch {
        await persistence.database.close()
        throw error
    }
}

struct NoAdministrator: Error {}
