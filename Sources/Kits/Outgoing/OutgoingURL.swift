import Foundation

/// A URL that somebody gave for this server to call later, looked at as far as that is possible without a network: so
/// that a mistake is told to who makes it. A name may still lead to a private address; `OutgoingClient` looks at that.
package struct OutgoingURL: Sendable, Hashable {
    package let scheme: String
    /// In lower case, without brackets.
    package let host: String

    /// - Parameter allowsPrivateAddresses: Whether the host may be an address that is not on the public internet.
    /// - Throws: `OutgoingURLError`; its reason never repeats the URL, which may be a secret.
    package init(_ text: String, allowsPrivateAddresses: Bool = false) throws(OutgoingURLError) {
        // A repaired URL is another one than whoever wrote it, or another program, may see in it.
        guard let url = URLComponents(string: text, encodingInvalidCharacters: false), let scheme = url.scheme?.lowercased(),
            ["https", "http"].contains(scheme), var host = url.encodedHost?.lowercased(), host.isEmpty == false
        else { throw OutgoingURLError(reason: "must be a URL that begins with https:// or http://") }
        guard url.percentEncodedUser == nil, url.percentEncodedPassword == nil else {
            throw OutgoingURLError(reason: "must not hold a user name or a password")
        }
        guard url.port.map((1...65_535).contains) ?? true else { throw OutgoingURLError(reason: "has a port that does not exist") }
        guard host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") }) else {
            throw OutgoingURLError(reason: "must have a plain host name; write an international one in its xn-- form")
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.scheme = scheme
        self.host = host
        let isPublic = try Self.isPublic(host)
        guard allowsPrivateAddresses || isPublic else {
            throw OutgoingURLError(reason: "must not lead to an address of a private or local network")
        }
    }

    /// Names are taken for public, but for those of the machine itself (RFC 6761 §6.3).
    private static func isPublic(_ host: String) throws(OutgoingURLError) -> Bool {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        if let address = NetworkAddress(name) { return address.isPublic }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard let last = labels.last, labels.allSatisfy({ $0.isEmpty == false }), name.contains(":") == false else {
            throw OutgoingURLError(reason: "has a host that is neither a name nor an IP address")
        }
        // Such a host is an IPv4 address to many programs, in octal, in hexadecimal or in fewer parts:
        // https://url.spec.whatwg.org/#ends-in-a-number-checker
        guard last.allSatisfy(\.isNumber) == false, last.hasPrefix("0x") == false else {
            throw OutgoingURLError(reason: "must have an IP address in its usual form, such as 192.0.2.1")
        }
        return last != "localhost"
    }
}

/// Why a URL is none to call, worded to follow the name of where it stood: `must be a URL that …`.
package struct OutgoingURLError: Error, Sendable, Equatable {
    package let reason: String
}
