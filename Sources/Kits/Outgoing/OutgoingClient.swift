import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The one way in which the server calls addresses that people give it.
///
/// It resolves the name first, refuses whatever is not on the public internet, and connects to the very address that
/// it looked at, so that a name can't change its mind in between (DNS rebinding). It follows no redirect, and bounds
/// time and size.
package struct OutgoingClient: Sendable {
    private let allowsPrivateAddresses: Bool
    private let resolver: any NameResolver
    private let maximumBytes: Int
    private let timeout: Duration

    package init(
        allowsPrivateAddresses: Bool,
        resolver: any NameResolver = SystemNameResolver(),
        maximumBytes: Int = 10 * 1024 * 1024,
        timeout: Duration = .seconds(30)
    ) {
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.resolver = resolver
        self.maximumBytes = maximumBytes
        self.timeout = timeout
    }

    /// - Throws: `OutgoingError`, and nothing else except cancellation.
    package func send(_ request: OutgoingRequest) async throws -> OutgoingResponse {
        let host = try Self.host(of: request.url)
        let address = try await reachableAddress(of: host)
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.dnsOverride = [host: address.description]
        // A proxy from the environment would resolve the name anew.
        configuration.proxy = nil
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let answer: Result<OutgoingResponse, any Error>
        do {
            answer = .success(try await execute(request, on: client))
        } catch {
            answer = .failure(Self.meaning(of: error, host: host))
        }
        try? await client.shutdown()
        return try answer.get()
    }

    private func execute(_ request: OutgoingRequest, on client: HTTPClient) async throws -> OutgoingResponse {
        var message = HTTPClientRequest(url: request.url)
        message.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { message.headers.add(name: name, value: value) }
        if let body = request.body { message.body = .bytes(body) }
        let seconds = TimeAmount.nanoseconds(timeout.components.seconds * 1_000_000_000)
        let response = try await client.execute(message, deadline: .now() + seconds)
        do {
            let body = try await response.body.collect(upTo: maximumBytes)
            return OutgoingResponse(
                status: Int(response.status.code),
                headers: response.headers.map { ($0.name, $0.value) },
                body: Data(body.readableBytesView)
            )
        } catch is NIOTooManyBytesError {
            throw OutgoingError.tooLarge(limit: maximumBytes)
        }
    }

    private func reachableAddress(of host: String) async throws -> NetworkAddress {
        let literal = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let addresses = if let address = NetworkAddress(literal) { [address] } else { try await resolver.addresses(of: host) }
        guard let first = addresses.first else { throw OutgoingError.unresolvable(host) }
        guard allowsPrivateAddresses || addresses.allSatisfy(\.isPublic) else { throw OutgoingError.privateAddress(host: host) }
        return first
    }

    private static func host(of url: String) throws(OutgoingError) -> String {
        guard let parsed = URL(string: url), let scheme = parsed.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = parsed.host(), host.isEmpty == false, parsed.user() == nil
        else { throw .invalidURL }
        return host
    }

    private static func meaning(of error: any Error, host: String) -> any Error {
        if error is OutgoingError || error is CancellationError { return error }
        let timeouts: [HTTPClientError] = [.deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout]
        if let error = error as? HTTPClientError, timeouts.contains(error) { return OutgoingError.timeout }
        return OutgoingError.unreachable(host: host)
    }
}
