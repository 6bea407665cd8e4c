import CNIOLinux
import NIOCore
import SwiftGlibc

/// An IP address, as the rule about outgoing requests sees it.
package struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16 bytes in network order.
    private let bytes: [UInt8]
    package let description: String

    /// - Returns: nil when the text is no IP address.
    package init?(_ text: String) {
        guard let address = try? SocketAddress(ipAddress: text, port: 0), let ip = address.ipAddress else { return nil }
        description = ip
        switch address {
        case .v4(let v4): bytes = withUnsafeBytes(of: v4.address.sin_addr) { Array($0) }
        case .v6(let v6): bytes = withUnsafeBytes(of: v6.address.sin6_addr) { Array($0) }
        case .unixDomainSocket: return nil
        }
    }

    /// Whether the address is on the public internet, by the registries of special-purpose addresses.
    ///
    /// Source: RFC 6890 with its IANA registries; RFC 6598 for carriers' shared space; RFC 4193 for unique local ones.
    package var isPublic: Bool {
        bytes.count == 4 ? Self.isPublic(v4: bytes) : Self.isPublic(v6: bytes)
    }

    private static func isPublic(v4 bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _), (10, _, _), (127, _, _): false
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _): false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 51, 100), (203, 0, 113): false
        case (198, 18...19, _): false
        case (224..., _, _): false
        default: true
        }
    }

    private static func isPublic(v6 bytes: [UInt8]) -> Bool {
        let isMapped = bytes[0..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        let isTranslated = bytes[0..<12].elementsEqual([0x00, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8))
        if isMapped || isTranslated { return isPublic(v4: Array(bytes[12...])) }
        // Only 2000::/3 is global unicast; in it, documentation and the tunnels that embed an IPv4 address are not.
        guard bytes[0] & 0xE0 == 0x20 else { return false }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0x20, 0x01, 0x00...0x01, _), (0x20, 0x01, 0x0D, 0xB8), (0x20, 0x02, _, _), (0x3F, 0xFF, _, _): return false
        default: return true
        }
    }
}
