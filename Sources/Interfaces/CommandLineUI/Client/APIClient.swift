import AsyncHTTPClient
import Foundation
import JSONAPI
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// The native API of a server, as the client verbs use it.
struct APIClient: Sendable {
    private static let mediaType = "application/vnd.api+json"

    let http: HTTPClient
    /// Without a trailing slash.
    let server: String
    private let token: String

    init(http: HTTPClient, server: String, token: String) {
        self.http = http
        self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
        self.token = token
    }

    // MARK: Resources

    /// The first resource of a collection whose attribute has a value; nil when there is none.
    func find(_ type: String, below path: String, where attribute: String, is value: String) async throws -> JSONValue? {
        let quoted = value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        let filter = "filter[\(type)]=\(attribute)=='\(quoted)'"
        let query = filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "[]='-._~"))) ?? ""
        return try await get("\(path)?\(query)")["data"]?.array?.first
    }

    /// Creates a resource.
    ///
    /// - Returns: It, with its id.
    func create(
        _ type: String,
        at path: String,
        attributes: [String: JSONValue],
        relationships: [String: JSONValue] = [:]
    ) async throws -> JSONValue {
        var data: [String: JSONValue] = ["type": .string(type), "attributes": .object(attributes)]
        if relationships.isEmpty == false { data["relationships"] = .object(relationships) }
        let answer = try await send(.POST, "/api/v1\(path)", body: JSONValue.object(["data": .object(data)]).serialised())
        guard let resource = answer["data"] else { throw ClientError("The server's answer has no data.") }
        return resource
    }

    func update(_ type: String, id: String, at path: String, attributes: [String: JSONValue]) async throws {
        let document: JSONValue = ["data": ["type": .string(type), "id": .string(id), "attributes": .object(attributes)]]
        _ = try await send(.PATCH, "/api/v1\(path)", body: document.serialised())
    }

    func get(_ path: String) async throws -> JSONValue {
        try await send(.GET, "/api/v1\(path)", body: nil)
    }

    // MARK: Requests

    /// Sends a request and reads the JSON of its answer, null when it has none.
    ///
    /// - Parameter path: A path on the server, or a whole URL of it.
    /// - Throws: `ClientError` with the server's own words.
    func send(_ method: HTTPMethod, _ path: String, body: Data?, type: String = mediaType) async throws -> JSONValue {
        var request = request(method, path)
        if let body {
            request.headers.add(name: "Content-Type", value: type)
            request.body = .bytes(ByteBuffer(data: body))
        }
        let response = try await execute(request)
        let bytes = Data(buffer: try await response.body.collect(upTo: 256 * 1024 * 1024))
        let document = bytes.isEmpty ? JSONValue.null : try? JSONValue(parsing: bytes)
        guard (200..<300).contains(response.status.code) else {
            throw ClientError(refusal: document, status: Int(response.status.code), server: server)
        }
        return document ?? .null
    }

    /// Opens a stream of server-sent events.
    func events(_ path: String, after offset: Int) async throws -> HTTPClientResponse.Body {
        var request = request(.GET, path)
        request.headers.add(name: "Last-Event-ID", value: String(offset))
        let response = try await execute(request)
        guard response.status == .ok else {
            throw ClientError(refusal: nil, status: Int(response.status.code), server: server)
        }
        return response.body
    }

    private func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: path.hasPrefix("/") ? server + path : path)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        return request
    }

    private func execute(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            return try await http.execute(request, timeout: .hours(24))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ClientError("No server answers at \(server) (\(error)). Start one with `terrakube serve`, or name it with --server.")
        }
    }
}
