package import Foundation

/// Everything that an operator can set (docs/configuration.md), already read from flags and environment.
package struct ServerConfiguration: Sendable {
    /// Certificate chain and key, as paths of PEM files.
    package struct TLS: Sendable {
        package let certificate: String
        package let key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    package var host = "127.0.0.1"
    /// 0 lets the system choose.
    package var port = 8080
    package var dataDirectory = "./terrakube-data"
    /// Nil: from the listener.
    package var publicURL: String?
    package var tls: TLS?
    /// Nil: SQLite in the data directory.
    package var databaseURL: String?
    /// Nil: files in the data directory.
    package var storageURL: String?
    /// Nil: one a core; 0 leaves the work to agents.
    package var executors: Int?
    /// Nil: generated once in the data directory.
    package var secretKey: String?
    /// Nil: generated once, and kept in the data directory.
    package var administratorPassword: String?
    package var administratorGroup = "TERRAKUBE_ADMIN"
    package var terraformReleasesURL = "https://releases.hashicorp.com/terraform/index.json"
    package var tofuReleasesURL = "https://api.github.com/repos/opentofu/opentofu/releases"
    /// Whether the server calls addresses that are not on the public internet, when somebody asks it to.
    package var allowsPrivateEndpoints = false
    /// For how long a new connection may be authorized by an address that somebody types, in seconds; 0: never.
    package var manualConnectWindow: TimeInterval = 24 * 3600
    /// A provider mirror folder for runs.
    package var pluginDirectory: String?
    /// The server's own environment; of it, runs get the search path, the language, proxies and certificates.
    package var environment: [String: String] = [:]

    package init() {}
}

/// A configuration that the server can't start with; the text is for the operator.
package struct ConfigurationError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
