import Foundation
import Testing

/// A certificate for `localhost` that nobody has signed but itself, and its key: PEM files.
struct Certificate {
    let path: String
    let key: String

    /// What makes a server use it.
    var environment: [String: String] { ["TERRAKUBE_TLS_CERTIFICATE": path, "TERRAKUBE_TLS_KEY": key] }

    static func make(in directory: URL) throws -> Certificate {
        let certificate = Certificate(path: directory.appending(path: "tls.crt").path, key: directory.appending(path: "tls.key").path)
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", certificate.key, "-out", certificate.path,
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0)
        return certificate
    }
}
