import Database
import Foundation
import HTTPTypes
import JSONAPI
import TestSupport
import Testing

@testable import Server
@testable import Workspaces

/// A server with an organization and one connection to a host that is not connected yet.
struct ConnectionFixture: Sendable {
    let server: TestServer
    let host: FakeVCSHost
    let organization: String
    let id: String

    var path: String { "organization/\(organization)/vcs/\(id)" }
    var callback: String { "/callback/v1/vcs/\(id)" }

    static func with(
        _ persona: FakeVCSHost.Persona = .bitbucket,
        _ engine: TestEngine = .sqlite,
        attributes: [String: JSONValue] = [:],
        configure: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (ConnectionFixture) async throws -> Void
    ) async throws {
        try await FakeVCSHost.with(persona) { host in
            let allowing: @Sendable (inout ServerConfiguration) -> Void = { configuration in
                configuration.allowsPrivateEndpoints = true
                configure(&configuration)
            }
            try await withServer(engine, configure: allowing) { server in
                let organization = try await server.makeOrganization()
                let id = try await server.make(
                    "vcs",
                    at: "organization/\(organization)/vcs",
                    host.connection.merging(attributes) { _, new in new }
                )
                let fixture = ConnectionFixture(server: server, host: host, organization: organization, id: id)
                try await host.setCallback(TestServer.publicURL + fixture.callback)
                try await body(fixture)
            }
        }
    }

    // MARK: What a person does

    /// Opens the address that somebody typed, approves, and comes back.
    func connectByHand(as caller: TestServer.Caller = .nobody) async throws -> Answer {
        try await server.get(try await approve(host.manualURL(callback: TestServer.publicURL + callback)), as: caller)
    }

    /// As `connectByHand`, where it must succeed.
    func connect() async throws {
        let answer = try await connectByHand()
        try #require(answer.text == "Connected")
    }

    /// Opens a page of the provider and approves.
    ///
    /// - Returns: The path to which the browser is sent back here.
    func approve(_ page: String) async throws -> String {
        let location = try #require(try await host.browse(page).location)
        #expect(location.hasPrefix(TestServer.publicURL))
        return String(location.dropFirst(TestServer.publicURL.count))
    }

    /// Begins with Connect.
    ///
    /// - Returns: The provider's page, and the browser's cookie.
    func depart(as caller: TestServer.Caller = .administrator) async throws -> (page: String, cookie: String) {
        let answer = try await server.get("/connect/v1/vcs/\(id)", as: caller)
        try #require(answer.status == 302, "\(answer.text)")
        let cookie = try #require(answer.headers[.setCookie]?.split(separator: ";").first)
        return (try #require(answer.headers[.location]), String(cookie))
    }

    func arrive(_ path: String, cookie: String?) async throws -> Answer {
        var headers = HTTPFields()
        headers[.cookie] = cookie
        return try await server.send(.get, path, headers: headers, as: .nobody)
    }

    // MARK: Looking

    func attribute(_ name: String) async throws -> JSONValue? {
        try await server.get(path).attributes[name]
    }

    func accessToken(refused: String? = nil) async throws -> String {
        try await server.server.connections.tokens.accessToken(of: id, refused: refused)
    }

    /// What is stored, opened.
    func stored() async throws -> VCSConnection {
        let keyring = server.persistence.keyring
        let id = id
        let found = try await server.database.read { try VCSStore($0, keyring: keyring).find(id: id) }
        return try #require(found)
    }
}

extension FakeVCSHost {
    /// The attributes of a connection to it, and nothing more than the page of the user says.
    var connection: [String: JSONValue] {
        [
            "name": "ours", "description": "repositories", "vcsType": .string(persona.type), "clientId": .string(clientID),
            "clientSecret": .string(clientSecret), "endpoint": .string(url), "apiUrl": .string(apiURL),
        ]
    }

    /// The address that people type, as Terrakube's pages have it.
    func manualURL(callback: String) -> String {
        let redirect = "redirect_uri=\(callback)"
        return switch persona {
        case .bitbucket: "\(url)/site/oauth2/authorize?client_id=\(clientID)&response_type=code&response_type=code&scope=repository"
        case .github: "\(url)/login/oauth/authorize?client_id=\(clientID)&allow_signup=false&scope=repo"
        case .gitlab: "\(url)/oauth/authorize?client_id=\(clientID)&response_type=code&scope=api&&\(redirect)"
        case .gitea: "\(url)/login/oauth/authorize?client_id=\(clientID)&response_type=code&\(redirect)"
        case .azure: "\(url)/oauth2/authorize?client_id=\(clientID)&\(redirect)&response_type=Assertion&scope=vso.code+vso.code_status"
        }
    }
}
