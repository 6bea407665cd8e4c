/// A program that lets people sign in here. All are public clients: they have no secret, and prove by PKCE that the one
/// who redeems a code is the one who asked for it.
package struct SignOnClient: Sendable, Equatable {
    /// Where codes may go.
    enum Redirect: Sendable, Equatable {
        /// Pages of this server, by their paths.
        case pages(Set<String>)
        /// A listener on the user's own machine (RFC 8252 §7.3).
        case loopback(ports: ClosedRange<Int>, path: String)
    }

    /// What a client gets for a code.
    enum Product: Sendable, Equatable {
        /// An access token of an hour, with an ID token and a refresh token if it asks for them.
        case openIDTokens
        /// A personal access token, for a client that keeps one token for good and never refreshes.
        case personalToken
    }

    package let id: String
    /// As people know it.
    package let name: String
    let redirect: Redirect
    let product: Product
    /// Whether it may use the device flow.
    let usesDevices: Bool

    /// The ports of Terraform's listener, and of our command line's.
    package static let loopbackPorts = 10000...10010

    package static let webUI = SignOnClient(
        id: "terrakube",
        name: "Terrakube",
        redirect: .pages(["", "/", "/callback"]),
        product: .openIDTokens,
        usesDevices: false
    )
    package static let commandLine = SignOnClient(
        id: "terrakube-cli",
        name: "The Terrakube command line",
        redirect: .loopback(ports: loopbackPorts, path: "/login"),
        product: .openIDTokens,
        usesDevices: true
    )
    package static let terraform = SignOnClient(
        id: "terraform",
        name: "The Terraform command line",
        redirect: .loopback(ports: loopbackPorts, path: "/login"),
        product: .personalToken,
        usesDevices: false
    )

    static func find(_ id: String?) -> SignOnClient? {
        [webUI, commandLine, terraform].first { $0.id == id }
    }

    /// Any program of the user's machine may claim to be one that listens there, so the user is asked each time
    /// (RFC 8252 §8.6). A page of this server is nobody else.
    package var needsConsent: Bool {
        if case .loopback = redirect { true } else { false }
    }

    /// Whether it gets a token that lives until it is deleted.
    package var keepsToken: Bool { product == .personalToken }

    /// Whether codes may go to this address: it is compared as it is, nothing is normalised (RFC 9700 §4.1.3).
    func accepts(redirectURI: String, publicURL: String) -> Bool {
        switch redirect {
        case .pages(let paths):
            return paths.contains { redirectURI == publicURL + $0 }
        case .loopback(let ports, let path):
            return ["localhost", "127.0.0.1"].contains { host in
                let prefix = "http://\(host):"
                guard redirectURI.hasPrefix(prefix), redirectURI.hasSuffix(path) else { return false }
                let port = redirectURI.dropFirst(prefix.count).dropLast(path.count)
                return Int(port).map { ports.contains($0) && String($0) == port } ?? false
            }
        }
    }
}
