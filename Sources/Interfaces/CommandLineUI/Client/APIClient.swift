import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Talks to one server as the owner of one token.
struct APIClient: Sendable {
    let server: ServerURL
    private let token: String
    private let http: HTTPClient

    /// The longest document that is read, in bytes: more than the largest page of a list.
    private static let documentLimit = 64 * 1024 * 1024

    /// Runs `body` with a client whose connections are closed afterwards.
    static func with<Result>(server: ServerURL, token: String, _ body: (APIClient) async throws -> Result) async throws -> Result {
        // No redirects: a token must not follow one.
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            // A stream without output says something every 15 seconds.
            timeout: .init(connect: .seconds(10), read: .seconds(60))
        )
        // A server that is not there should be told at once; whoever wants to wait for it does so knowingly.
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(APIClient(server: server, token: token, http: http))
            try await http.shutdown()
            return result
        } catch {
            // The first error is the one that counts.
            try? await http.shutdown()
            throw error
        }
    }

    func get<Document: Decodable>(_ path: [String], query: [(name: String, value: String)] = []) async throws -> Document {
        try await document(request(.GET, server.url(path, query: query)))
    }

    func post<Attributes, Document: Decodable>(_ path: [String], _ body: ResourceBody<Attributes>) async throws -> Document {
        try await document(try request(.POST, server.url(path), body: body))
    }

    /// Announces something that needs no document of ours.
    func post<Document: Decodable>(_ path: [String]) async throws -> Document {
        try await document(request(.POST, server.url(path)))
    }

    func patch<Attributes>(_ path: [String], _ body: ResourceBody<Attributes>) async throws {
        _ = try await send(try request(.PATCH, server.url(path), body: body))
    }

    /// Sends a file to an address that the server named.
    func put(file: URL, to address: String) async throws {
        let size = try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        var request = request(.PUT, try server.rebased(address))
        request.headers.replaceOrAdd(name: "content-type", value: "application/octet-stream")
        request.body = .stream(FileChunks(file: file), length: .known(Int64(size)))
        _ = try await send(request)
    }

    /// Follows a stream of events until the server closes it.
    ///
    /// - Parameter lastEventID: The id of the last event that an earlier stream brought.
    /// - Parameter handle: Returns false to hear no more.
    /// - Returns: False when `handle` had enough, true when the stream ended by itself.
    @discardableResult
    func events(_ path: [String], after lastEventID: String?, handle: (ServerSentEvent) throws -> Bool) async throws -> Bool {
        var request = request(.GET, server.url(path))
        request.headers.replaceOrAdd(name: "accept", value: "text/event-stream")
        if let lastEventID { request.headers.add(name: "last-event-id", value: lastEventID) }
        let response = try await send(request)
        var parser = ServerSentEventParser()
        do {
            for try await buffer in response.body {
                for event in parser.feed(buffer.readableBytesView) where try handle(event) == false { return false }
            }
        } catch {
            throw failure(error, isInterruption: true)
        }
        return true
    }

    // MARK: Parts

    private func request(_ method: HTTPMethod, _ url: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers = [
            "authorization": "Bearer \(token)", "accept": "application/vnd.api+json", "user-agent": "terrakube-cli",
        ]
        return request
    }

    private func request(_ method: HTTPMethod, _ url: String, body: some Encodable) throws -> HTTPClientRequest {
        var request = request(method, url)
        request.headers.replaceOrAdd(name: "content-type", value: "application/vnd.api+json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        return request
    }

    private func document<Document: Decodable>(_ request: HTTPClientRequest) async throws -> Document {
        let response = try await send(request)
        let data = try await body(of: response)
        do {
            return try JSONDecoder().decode(Document.self, from: data)
        } catch {
            throw ClientError.unexpectedAnswer(server: server.description, status: Int(response.status.code))
        }
    }

    /// - Throws: `ClientError` for every answer that is no success.
    private func send(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await http.execute(request, deadline: .distantFuture)
        } catch {
            throw failure(error, isInterruption: false)
        }
        guard (200..<300).contains(response.status.code) else {
            let status = Int(response.status.code)
            let errors = try? JSONDecoder().decode(ErrorDocument.self, from: try await body(of: response)).errors
            guard let errors, errors.isEmpty == false else {
                throw ClientError.unexpectedAnswer(server: server.description, status: status)
            }
            throw ClientError.refused(status: status, errors)
        }
        return response
    }

    private func body(of response: HTTPClientResponse) async throws -> Data {
        do {
            return Data(try await response.body.collect(upTo: Self.documentLimit).readableBytesView)
        } catch {
            throw failure(error, isInterruption: true)
        }
    }

    private func failure(_ error: any Error, isInterruption: Bool) -> any Error {
        if Task.isCancelled { return CancellationError() }
        let isOurs = error is ClientError || error is CancellationError || (error as? HTTPClientError) == .cancelled
        if isOurs { return error }
        let reason = ConnectionFailure.reason(error)
        return isInterruption
            ? ClientError.interrupted(server: server.description, reason: reason)
            : ClientError.unreachable(server: server.description, reason: reason)
    }

    private struct ErrorDocument: Decodable {
        let errors: [APIErrorObject]
    }
}
