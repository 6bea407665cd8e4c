import Foundation
import NIOPosix

/// Finds the addresses of a host.
package protocol NameResolver: Sendable {
    /// - Throws: `OutgoingError.unresolvable`.
    func addresses(of host: String) async throws -> [NetworkAddress]
}

/// Asks the system, on a thread that may block.
package struct SystemNameResolver: NameResolver {
    package init() {}

    package func addresses(of host: String) async throws -> [NetworkAddress] {
        let found = try await NIOThreadPool.singleton.runIfActive { Self.resolve(host) }
        guard found.isEmpty == false else { throw OutgoingError.unresolvable(host) }
        return found
    }

    private static func resolve(_ host: String) -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [NetworkAddress] = []
        var next = list
        while let entry = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = getnameinfo(
                entry.pointee.ai_addr,
                entry.pointee.ai_addrlen,
                &text,
                socklen_t(text.count),
                nil,
                0,
                Int32(NI_NUMERICHOST)
            )
            let name = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if status == 0, let address = NetworkAddress(name) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }
}
