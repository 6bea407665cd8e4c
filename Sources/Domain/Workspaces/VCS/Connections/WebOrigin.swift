import Foundation

/// The scheme, host and port of a web address: what a credential is good for (RFC 6454).
package struct WebOrigin: Sendable, Hashable, CustomStringConvertible {
    package let scheme: String
    package let host: String
    let port: Int

    /// - Returns: nil unless it is an http or https URL with a host.
    package init?(_ url: String) {
        guard let components = URLComponents(string: url), let scheme = components.scheme?.lowercased(),
            let host = components.encodedHost?.lowercased(), host.isEmpty == false, let usual = Self.usualPorts[scheme]
        else { return nil }
        self.scheme = scheme
        self.host = host
        port = components.port ?? usual
    }

    package var description: String {
        "\(scheme)://\(host)" + (Self.usualPorts[scheme] == port ? "" : ":\(port)")
    }

    private static let usualPorts = ["http": 80, "https": 443]
}
