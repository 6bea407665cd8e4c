import Crypto
import Foundation
import HTTPTypes
import Identity
import JSONAPI
import Server
import Service
import Testing

/// Somebody with a browser, and a program that wants tokens of them.
struct SignOnFlow: Sendable {
    /// As Terraform makes them.
    static let verifier = "8df005e8-5f6d-4f2a-9d4c-eca1f0053b1a.651285749"
    static let challenge = Data(SHA256.hash(data: Data(verifier.utf8))).base64URL
    static let password = "correct horse battery"
    static let commandLineRedirect = "http://127.0.0.1:10010/login"
    static let terraformRedirect = "http://localhost:10003/login"

    let server: TestServer
    let user: User
    let browser: TestBrowser

    /// Makes an account, and signs in with it.
    static func begin(on server: TestServer, _ username: String = "anna", groups: Set<String> = ["dev"]) async throws -> SignOnFlow {
        let user = try await server.persistence.accounts.create(
            username: username,
            email: "\(username)@example.com",
            groups: groups,
            password: password
        ).user
        var browser = TestBrowser(client: server.client)
        let page = try await browser.post("/login", ["username": username, "password": password])
        browser.cookie = try #require(page.headers[.setCookie]?.split(separator: ";").first.map(String.init))
        return SignOnFlow(server: server, user: user, browser: browser)
    }

    /// The parameters of a good request of the command line; nil takes one away.
    static func query(_ changes: [String: String?] = [:]) -> String {
        let parameters: [String: String?] = [
            "client_id": "terrakube-cli", "redirect_uri": commandLineRedirect, "response_type": "code", "state": "s t&1",
            "code_challenge": challenge, "code_challenge_method": "S256", "scope": "openid offline_access",
        ]
        return parameters.merging(changes) { _, new in new }
            .compactMap { name, value in value.map { "\(name)=\($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" } }
            .joined(separator: "&")
    }

    static let terraform: [String: String?] = ["client_id": "terraform", "redirect_uri": terraformRedirect, "scope": nil]

    /// What a redirect tells the client.
    static func parameters(of page: TestBrowser.Page) throws -> FormParameters {
        let location = try #require(page.location)
        return FormParameters(String(try #require(location.split(separator: "?", maxSplits: 1).last)))
    }

    /// Answers the question of the consent page.
    func decide(_ decision: String, _ changes: [String: String?] = [:]) async throws -> TestBrowser.Page {
        let question = try await browser.get("/dex/auth?" + Self.query(changes))
        try #require(question.status == 200, "\(question.text)")
        let body = question.text.matches(of: /<input type="hidden" name="([^"]+)" value="([^"]*)">/)
            .filter { question.text[..<$0.range.lowerBound].contains("/dex/approval") }
            .map { match in
                let value = String(match.2).replacing("&amp;", with: "&")
                return "\(match.1)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
            }
        return try await browser.send(
            .post,
            "/dex/approval",
            headers: [.contentType: "application/x-www-form-urlencoded"],
            body: (body + ["decision=\(decision)"]).joined(separator: "&")
        )
    }

    func code(_ changes: [String: String?] = [:]) async throws -> String {
        try #require(try Self.parameters(of: try await decide("allow", changes))["code"])
    }

    /// Asks the token endpoint.
    func token(_ fields: [String: String?]) async throws -> Answer {
        let body = fields.compactMap { name, value in
            value.map { "\(name)=\($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
        }
        return try await server.send(
            .post,
            "/dex/token",
            Data(body.joined(separator: "&").utf8),
            type: "application/x-www-form-urlencoded",
            as: .nobody
        )
    }

    func redeem(_ code: String, _ changes: [String: String?] = [:]) async throws -> Answer {
        let fields: [String: String?] = [
            "grant_type": "authorization_code", "client_id": "terrakube-cli", "code": code, "code_verifier": Self.verifier,
            "redirect_uri": Self.commandLineRedirect,
        ]
        return try await token(fields.merging(changes) { _, new in new })
    }

    func refresh(_ token: String, client: String = "terrakube-cli") async throws -> Answer {
        try await self.token(["grant_type": "refresh_token", "client_id": client, "refresh_token": token])
    }

    /// Whether a token opens the API.
    func status(_ token: String) async throws -> Int {
        try await server.get("organization", as: .token(token)).status
    }
}

extension Answer {
    func string(_ name: String) -> String? { json[name]?.string }

    /// The payload of a JWT.
    static func claims(of token: String) throws -> JSONValue {
        let parts = token.split(separator: ".")
        try #require(parts.count == 3)
        let text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        let bytes = try #require(Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)))
        return try JSONValue(parsing: bytes)
    }
}
