import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// A user's client: JSON over HTTP, nothing of the server's own code.
struct APIClient: Sendable {
    struct Answer {
        let status: Int
        let body: Data
        /// The cookie that the server set, as a browser sends it back.
        var cookie: String?

        /// The body as a JSON object; empty when it is none.
        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:]
        }

        var text: String { String(decoding: body, as: UTF8.self) }
        var resource: Resource { Resource(json["data"] as? [String: Any] ?? [:]) }
        var resources: [Resource] { (json["data"] as? [[String: Any]] ?? []).map(Resource.init) }
    }

    struct Resource {
        let id: String
        let attributes: [String: Any]

        init(_ json: [String: Any]) {
            id = json["id"] as? String ?? ""
            attributes = json["attributes"] as? [String: Any] ?? [:]
        }

        func string(_ name: String) -> String { attributes[name] as? String ?? "" }
    }

    let url: String
    let token: String
    var http = HTTPClient.shared

    func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: Data? = nil,
        type: String = "application/vnd.api+json",
        accept: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : url + path)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        if let accept { request.headers.add(name: "Accept", value: accept) }
        if let body {
            request.headers.add(name: "Content-Type", value: type)
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await http.execute(request, timeout: .seconds(120))
        let bytes = try await response.body.collect(upTo: 64 * 1024 * 1024)
        let cookie = response.headers.first(name: "Set-Cookie")?.split(separator: ";").first.map(String.init)
        return Answer(status: Int(response.status.code), body: Data(bytes.readableBytesView), cookie: cookie)
    }

    /// Reads server-sent events until a line holds a text, or until the event `end`.
    func follow(_ path: String, until text: String?) async throws {
        var request = HTTPClientRequest(url: url + path)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        let response = try await http.execute(request, timeout: .seconds(120))
        var received = ""
        for try await buffer in response.body {
            received += String(buffer: buffer)
            if received.contains("event: end\n") { return }
            if let text, received.contains(text) { return }
        }
        throw StreamBroken(received: received)
    }

    struct StreamBroken: Error {
        let received: String
    }

    func get(_ path: String) async throws -> Answer {
        try await send(.GET, path)
    }

    /// Creates a resource below `/api/v1`.
    func create(
        _ type: String,
        at path: String,
        _ attributes: [String: Any],
        workspace: String? = nil
    ) async throws -> Answer {
        var data: [String: Any] = ["type": type, "attributes": attributes]
        if let workspace { data["relationships"] = ["workspace": ["data": ["type": "workspace", "id": workspace]]] }
        return try await send(.POST, "/api/v1\(path)", JSONSerialization.data(withJSONObject: ["data": data]))
    }

    func update(_ type: String, id: String, at path: String, _ attributes: [String: Any]) async throws -> Answer {
        let data: [String: Any] = ["type": type, "id": id, "attributes": attributes]
        return try await send(.PATCH, "/api/v1\(path)", JSONSerialization.data(withJSONObject: ["data": data]))
    }
}

extension HTTPClient {
    /// A client that trusts one more certificate.
    static func trusting(_ certificate: String?, redirects: Configuration.RedirectConfiguration? = nil) throws -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let certificate { tls.additionalTrustRoots = [.file(certificate)] }
        return HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: Configuration(tlsConfiguration: tls, redirectConfiguration: redirects)
        )
    }
}
