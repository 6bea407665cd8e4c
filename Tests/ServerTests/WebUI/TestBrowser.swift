import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

/// What a browser without scripts does: it keeps the cookie and sends forms.
struct TestBrowser: Sendable {
    struct Page: Sendable {
        let status: Int
        let headers: HTTPFields
        let text: String

        var location: String? { headers[.location] }

        /// The token in the page's forms.
        var csrf: String? {
            text.firstMatch(of: /name="csrf" value="([^"]+)"/).map { String($0.1) }
        }
    }

    let client: any TestClientProtocol
    var cookie: String?

    init(client: any TestClientProtocol) {
        self.client = client
    }

    func get(_ path: String, headers: HTTPFields = [.accept: "text/html"]) async throws -> Page {
        try await send(.get, path, headers: headers, body: nil)
    }

    func post(_ path: String, _ fields: KeyValuePairs<String, String>, headers: HTTPFields = [:]) async throws -> Page {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        let body = fields.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }.joined(separator: "&")
        return try await send(.post, path, headers: headers, body: body)
    }

    func send(_ method: HTTPRequest.Method, _ path: String, headers: HTTPFields, body: String?) async throws -> Page {
        var headers = headers
        if let cookie { headers[.cookie] = cookie }
        let response = try await client.execute(uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        return Page(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
    }

    /// Signs in as the administrator and keeps the cookie.
    func signedIn() async throws -> TestBrowser {
        let page = try await post("/login", ["username": "admin", "password": PageFixture.password])
        try #require(page.status == 303)
        var browser = self
        browser.cookie = try #require(page.headers[.setCookie]?.split(separator: ";").first.map(String.init))
        return browser
    }
}
