import Database
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSONAPI
import Logging
import Service
import TestSupport

@testable import Identity
@testable import Runs
@testable import Server

/// A whole server with a database and a data directory of its own, asked through its real router. It has no executors:
/// tests act as one themselves (`FakeExecutor`), and drive the scheduler.
struct TestServer: Sendable {
    /// Who sends a request.
    enum Caller: Sendable {
        case administrator
        case token(String)
        case nobody
    }

    let server: Server
    let clock: TestClock
    let dataDirectory: URL
    let client: any TestClientProtocol
    let administratorToken: String

    var persistence: Persistence { server.persistence }
    var database: any SQLDatabase { server.persistence.database }
    var scheduler: Scheduler { Scheduler(database: database, time: persistence.time, logger: TestServer.logger) }

    static let publicURL = "https://terrakube.example.com"
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Somebody who is no administrator, by a personal access token.
    func makeUser(_ username: String, groups: [String] = []) async throws -> Caller {
        .token(try await makeToken(for: try await makeAccount(username, groups: groups)))
    }

    func makeAccount(_ username: String, groups: [String] = []) async throws -> User {
        let user = User(
            id: persistence.ids.next(),
            username: username,
            email: "\(username)@example.com",
            groups: Set(groups),
            createdDate: clock.now()
        )
        try await database.write { try UserStore($0).insert(user, passwordHash: "none") }
        return user
    }

    func makeToken(for user: User, days: Int = 0) async throws -> String {
        try await persistence.tokens.create(for: user, description: "test", days: days)
    }

    /// Lets the scheduler decide about a workspace.
    func schedule(_ workspace: String) async throws {
        try await scheduler.schedule(workspace: workspace)
    }

    // MARK: Requests

    /// - Parameters:
    ///   - path: From the root when it begins with a slash, else below `/api/v1/`.
    ///   - type: The content type; a request without a body has none.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: Data? = nil,
        type: String? = "application/vnd.api+json",
        headers: HTTPFields = [:],
        as caller: Caller = .administrator
    ) async throws -> Answer {
        var headers = headers
        if body != nil, let type { headers[.contentType] = type }
        switch caller {
        case .administrator: headers[.authorization] = "Bearer \(administratorToken)"
        case .token(let token): headers[.authorization] = "Bearer \(token)"
        case .nobody: break
        }
        return try await client.execute(
            uri: path.hasPrefix("/") ? path : "/api/v1/\(path)",
            method: method,
            headers: headers,
            body: body.map(ByteBuffer.init(bytes:))
        ) { response in
            Answer(status: Int(response.status.code), headers: response.headers, body: Data(response.body.readableBytesView))
        }
    }

    func get(_ path: String, as caller: Caller = .administrator) async throws -> Answer {
        try await send(.get, path, as: caller)
    }

    func post(_ path: String, _ body: JSONValue, as caller: Caller = .administrator) async throws -> Answer {
        try await send(.post, path, body.serialised(), as: caller)
    }

    func patch(_ path: String, _ body: JSONValue, as caller: Caller = .administrator) async throws -> Answer {
        try await send(.patch, path, body.serialised(), as: caller)
    }

    func delete(_ path: String, as caller: Caller = .administrator) async throws -> Answer {
        try await send(.delete, path, as: caller)
    }

    /// How many rows a table has.
    func count(_ table: String) async throws -> Int {
        try await database.read { try $0.row("SELECT COUNT(*) AS count FROM \(identifier: table)")?.get("count") ?? 0 }
    }
}
