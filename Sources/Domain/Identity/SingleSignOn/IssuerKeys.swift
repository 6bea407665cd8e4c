import Crypto
import CryptoExtras
package import Database
import Foundation
import JWTKit
import NIOPosix
package import Service

/// The RSA key pairs of the issuer, in the database: all servers on it sign with the same ones. The newest signs; the
/// others stay published, and good, until their rows are deleted.
package struct IssuerKeys: Sendable {
    /// A key as clients read it at `/dex/keys` (RFC 7517).
    struct WebKey: Encodable, Sendable {
        let kty = "RSA"
        let use = "sig"
        let alg = "RS256"
        let kid: String
        let n: String
        let e: String
    }

    struct PrivateKey: Sendable {
        let id: String
        let pem: String
    }

    private let database: any SQLDatabase
    private let keyring: Keyring
    private let time: TimeSource

    package init(database: any SQLDatabase, keyring: Keyring, time: TimeSource) {
        self.database = database
        self.keyring = keyring
        self.time = time
    }

    /// The key that signs. The first one is made when it is needed first.
    func current() async throws -> PrivateKey {
        if let key = try await newest() { return key }
        try await rotate()
        guard let key = try await newest() else { throw KeyringError.unknownKey }
        return key
    }

    /// Makes a new key, which signs from now on.
    package func rotate() async throws {
        // A part of a second of work, which the event loops are spared.
        let key = try await NIOThreadPool.singleton.runIfActive { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
        let id = Data(SHA256.hash(data: key.publicKey.derRepresentation)).prefix(12).base64URL
        let sealed = try keyring.seal(text: key.pemRepresentation, context: Self.context(id))
        let (publicKey, now) = (key.publicKey.pemRepresentation, time.now())
        try await database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO oidc_signing_key (id, public_key, private_key, created_date)
                VALUES (\(id), \(publicKey), \(sealed), \(now))
                """
            )
        }
    }

    /// The public halves, the newest first.
    func published() async throws -> [WebKey] {
        _ = try await current()
        let rows = try await database.read { connection in
            try connection.rows("SELECT id, public_key FROM oidc_signing_key ORDER BY created_date DESC, id").map { row in
                (id: try row.get("id", as: String.self), pem: try row.get("public_key", as: String.self))
            }
        }
        return try rows.map { row in
            let primitives = try Insecure.RSA.PublicKey(pem: row.pem).getKeyPrimitives()
            return WebKey(kid: row.id, n: primitives.modulus.base64URL, e: primitives.publicExponent.base64URL)
        }
    }

    /// The public half of a key, as PEM.
    func publicKey(id: String) async throws -> String? {
        try await database.read { try $0.row("SELECT public_key FROM oidc_signing_key WHERE id = \(id)")?.get("public_key") }
    }

    private func newest() async throws -> PrivateKey? {
        let row = try await database.read { connection in
            try connection.row("SELECT id, private_key FROM oidc_signing_key ORDER BY created_date DESC, id LIMIT 1").map { row in
                (id: try row.get("id", as: String.self), sealed: try row.get("private_key", as: String.self))
            }
        }
        return try row.map { PrivateKey(id: $0.id, pem: try keyring.open(text: $0.sealed, context: Self.context($0.id))) }
    }

    private static func context(_ id: String) -> String { "oidc-signing-key/\(id)" }
}
