package import Foundation

/// A request that the server makes for somebody.
package struct OutgoingRequest: Sendable {
    package var method: String
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: Data?

    package init(method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: Data? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What came back.
package struct OutgoingResponse: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: Data

    package init(status: Int, headers: [(name: String, value: String)], body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header, whatever the case of its name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Why a request was not made, or brought nothing. The texts name hosts, never a whole URL: it may hold a secret.
package enum OutgoingError: Error, Sendable, Equatable, CustomStringConvertible {
    case invalidURL
    /// The host has an address that is not on the public internet.
    case privateAddress(host: String)
    case unresolvable(String)
    case tooLarge(limit: Int)
    case timeout
    case unreachable(host: String)

    package var description: String {
        switch self {
        case .invalidURL: "The address must be an http or https URL without a user name in it."
        case .privateAddress(let host):
            "\(host) is not on the public internet, and this server may call nothing else (TERRAKUBE_ALLOW_PRIVATE_ENDPOINTS)."
        case .unresolvable(let host): "There is no host \(host)."
        case .tooLarge(let limit): "The answer has more than \(limit) bytes."
        case .timeout: "The answer took too long."
        case .unreachable(let host): "\(host) could not be reached."
        }
    }
}
