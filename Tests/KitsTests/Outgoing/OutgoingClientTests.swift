import Foundation
import Outgoing
import Synchronization
import TestSupport
import Testing

struct OutgoingClientTests {
    /// Knows one host.
    private struct OneHost: NameResolver {
        let name: String
        let found: [NetworkAddress]

        func addresses(of host: String) async throws -> [NetworkAddress] {
            guard host == name else { throw OutgoingError.unresolvable(host) }
            return found
        }
    }

    @Test(
        "an address that is not on the public internet is refused before a connection is made",
        arguments: ["127.0.0.1", "[::1]", "2130706433", "localhost", "0x7f.0.0.1", "[::ffff:127.0.0.1]", "127.1"]
    )
    func refusals(host: String) async throws {
        try await FileServer.with { files in
            let port = try #require(URL(string: files.url)?.port)
            let client = OutgoingClient(allowsPrivateAddresses: false)
            await #expect(throws: OutgoingError.self) {
                _ = try await client.send(OutgoingRequest(url: "http://\(host):\(port)/x"))
            }
            #expect(files.requests == [])
        }
    }

    @Test("a name is refused when one of its addresses is private")
    func mixed() async throws {
        let addresses = ["1.1.1.1", "10.0.0.1"].compactMap(NetworkAddress.init)
        let client = OutgoingClient(allowsPrivateAddresses: false, resolver: OneHost(name: "mixed.test", found: addresses))
        await #expect(throws: OutgoingError.privateAddress(host: "mixed.test")) {
            _ = try await client.send(OutgoingRequest(url: "http://mixed.test/"))
        }
    }

    @Test("the connection goes to the address that was looked at, under the name that was asked for")
    func pinning() async throws {
        try await FileServer.with { files in
            try files.write(Data("found".utf8), to: "x")
            let port = try #require(URL(string: files.url)?.port)
            let loopback = ["127.0.0.1"].compactMap(NetworkAddress.init)
            // Nobody else could resolve this name.
            let client = OutgoingClient(allowsPrivateAddresses: true, resolver: OneHost(name: "pinned.test", found: loopback))
            let answer = try await client.send(OutgoingRequest(url: "http://pinned.test:\(port)/x?a=b"))
            #expect(answer.status == 200)
            #expect(answer.body == Data("found".utf8))
            #expect(files.requests == ["/x?a=b"])
        }
    }

    @Test("an answer that is too large is not kept")
    func size() async throws {
        try await FileServer.with { files in
            try files.write(Data(repeating: 0x61, count: 5000), to: "large")
            let client = OutgoingClient(allowsPrivateAddresses: true, maximumBytes: 4096)
            await #expect(throws: OutgoingError.tooLarge(limit: 4096)) {
                _ = try await client.send(OutgoingRequest(url: "\(files.url)/large"))
            }
        }
    }

    @Test(
        "what is no plain web address is refused",
        arguments: ["ftp://example.com/", "file:///etc/passwd", "http://", "http://a:b@example.com/", "x"]
    )
    func schemes(url: String) async throws {
        await #expect(throws: OutgoingError.invalidURL) {
            _ = try await OutgoingClient(allowsPrivateAddresses: true).send(OutgoingRequest(url: url))
        }
    }
}
