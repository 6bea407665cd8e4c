import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// What a person's browser does without scripts: keeps the cookie, sends forms, and shows where it is led.
struct Browser {
    struct Page {
        let status: Int
        let location: String?
        let cookie: String?
        let text: String

        /// The hidden fields of the page's last form.
        var fields: [(name: String, value: String)] {
            let form = text.components(separatedBy: "<form ").last ?? ""
            return form.matches(of: /<input type="hidden" name="([^"]+)" value="([^"]*)">/).map { match in
                let value = String(match.2).replacing("&#39;", with: "'").replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
                return (String(match.1), value)
            }
        }
    }

    let http: HTTPClient
    var cookie: String?

    mutating func get(_ url: String) async throws -> Page {
        try await send(.GET, url, nil)
    }

    mutating func post(_ url: String, _ fields: [(name: String, value: String)]) async throws -> Page {
        let body = fields.map { "\($0.name)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
        return try await send(.POST, url, body.joined(separator: "&"))
    }

    private mutating func send(_ method: HTTPMethod, _ url: String, _ form: String?) async throws -> Page {
        var request = HTTPClientRequest(url: url)
        request.method = method
        if let cookie { request.headers.add(name: "Cookie", value: cookie) }
        if let form {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form))
        }
        let response = try await http.execute(request, timeout: .seconds(60))
        let text = String(buffer: try await response.body.collect(upTo: 1024 * 1024))
        let set = response.headers.first(name: "Set-Cookie")?.split(separator: ";").first.map(String.init)
        if let set { cookie = set }
        return Page(status: Int(response.status.code), location: response.headers.first(name: "Location"), cookie: set, text: text)
    }
}
