package import AsyncHTTPClient
import Crypto
package import Foundation
import NIOCore
import NIOHTTP1
import SystemPackage

/// How releases come from the network. Which addresses may be reached at all is for the composition to decide.
package protocol ReleaseDownloader: Sendable {
    /// The body of a document, refused above `limit` bytes.
    ///
    /// - Throws: `ToolError.unavailable`.
    func document(at url: URL, limit: Int) async throws -> Data

    /// Writes the body to a new file.
    ///
    /// - Returns: Its SHA-256, in lower case hexadecimal.
    /// - Throws: `ToolError.unavailable`.
    func file(at url: URL, to path: String, limit: Int) async throws -> String
}

/// Downloads with AsyncHTTPClient.
package struct HTTPReleaseDownloader: ReleaseDownloader {
    private let client: HTTPClient

    package init(client: HTTPClient) {
        self.client = client
    }

    package func document(at url: URL, limit: Int) async throws -> Data {
        var data = Data()
        try await body(of: url, limit: limit, timeout: .seconds(60)) { data.append(contentsOf: $0) }
        return data
    }

    package func file(at url: URL, to path: String, limit: Int) async throws -> String {
        let file = try FileDescriptor.open(
            FilePath(path),
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerReadWrite
        )
        defer { try? file.close() }
        var digest = SHA256()
        try await body(of: url, limit: limit, timeout: .minutes(15)) { bytes in
            digest.update(data: bytes)
            _ = try file.writeAll(bytes)
        }
        return digest.finalize().map { String(format: "%02x", $0) }.joined()
    }

    private func body(of url: URL, limit: Int, timeout: TimeAmount, _ receive: ([UInt8]) throws -> Void) async throws {
        do {
            var request = HTTPClientRequest(url: url.absoluteString)
            request.headers.add(name: "User-Agent", value: "terrakube")
            let response = try await client.execute(request, timeout: timeout)
            guard response.status == .ok else { throw ToolError.unavailable("\(url.absoluteString) answered \(response.status).") }
            var count = 0
            for try await buffer in response.body {
                count += buffer.readableBytes
                guard count <= limit else { throw ToolError.unavailable("\(url.absoluteString) is larger than \(limit) bytes.") }
                try receive(Array(buffer.readableBytesView))
            }
        } catch let error as ToolError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ToolError.unavailable("\(url.absoluteString) could not be reached: \(error)")
        }
    }
}
