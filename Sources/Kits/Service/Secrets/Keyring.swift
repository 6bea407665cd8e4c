package import Crypto
package import Foundation

/// The server's secret keys, and everything that is sealed or derived with them.
///
/// Envelope encryption: each object has a data key of its own, which the master key wraps; the envelope names the
/// master key, so that keys can be rotated while old envelopes stay readable. Layout, all AES-256-GCM (NIST SP
/// 800-38D) with 12-byte nonces and 16-byte tags:
///
/// | bytes | what |
/// | --- | --- |
/// | 4 | `TKE1` |
/// | 8 | key id: the first bytes of SHA-256 over "terrakube-key-id" and the master key |
/// | 60 | the data key, wrapped: nonce, 32 bytes, tag |
/// | 12 + n + 16 | the object: nonce, bytes, tag |
///
/// The `context` (such as `variable/<id>`) is authenticated with both parts: an envelope that was moved to another
/// object does not open.
package struct Keyring: Sendable {
    private struct MasterKey: Sendable {
        let id: Data
        let key: SymmetricKey

        init(_ bytes: Data) {
            key = SymmetricKey(data: bytes)
            id = Data(SHA256.hash(data: Data("terrakube-key-id".utf8) + bytes).prefix(8))
        }
    }

    private static let magic = Data("TKE1".utf8)
    private static let wrappedKeyLength = 60

    private let keys: [MasterKey]

    /// - Parameter masterKeys: 32 bytes each; the first one seals, all of them open.
    /// - Throws: `KeyringError.badMasterKey` when there is none or one has another length.
    package init(masterKeys: [Data]) throws(KeyringError) {
        guard masterKeys.isEmpty == false, masterKeys.allSatisfy({ $0.count == 32 }) else { throw .badMasterKey }
        keys = masterKeys.map(MasterKey.init)
    }

    /// Reads `TERRAKUBE_SECRET_KEY`: base64 of 32 bytes, or several with commas between them, the newest first.
    ///
    /// - Throws: `KeyringError.badMasterKey`.
    package init(text: String) throws(KeyringError) {
        let parts = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        try self.init(masterKeys: parts.map { Data(base64Encoded: $0) ?? Data() })
    }

    /// A new secret key, in the form that `init(text:)` reads.
    package static func generate() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
    }

    package func seal(_ plaintext: Data, context: String) throws -> Data {
        guard let master = keys.first else { throw KeyringError.badMasterKey }
        let additional = Data(context.utf8)
        let dataKey = SymmetricKey(size: .bits256)
        let wrapped = try AES.GCM.seal(dataKey.withUnsafeBytes { Data($0) }, using: master.key, authenticating: additional)
        let sealed = try AES.GCM.seal(plaintext, using: dataKey, authenticating: additional)
        guard let wrappedBytes = wrapped.combined, let sealedBytes = sealed.combined else { throw KeyringError.damaged }
        return Self.magic + master.id + wrappedBytes + sealedBytes
    }

    /// - Throws: `KeyringError.unknownKey` when the master key is not on this ring, `.damaged` for anything that was
    ///   altered, cut short or sealed for another context.
    package func open(_ envelope: Data, context: String) throws(KeyringError) -> Data {
        let header = Self.magic.count + 8
        guard envelope.count >= header + Self.wrappedKeyLength + 28, envelope.prefix(4) == Self.magic else { throw .damaged }
        let id = envelope.dropFirst(4).prefix(8)
        guard let master = keys.first(where: { $0.id == id }) else { throw .unknownKey }
        let additional = Data(context.utf8)
        do {
            let wrapped = try AES.GCM.SealedBox(combined: envelope.dropFirst(header).prefix(Self.wrappedKeyLength))
            let dataKey = SymmetricKey(data: try AES.GCM.open(wrapped, using: master.key, authenticating: additional))
            let sealed = try AES.GCM.SealedBox(combined: envelope.dropFirst(header + Self.wrappedKeyLength))
            return try AES.GCM.open(sealed, using: dataKey, authenticating: additional)
        } catch {
            throw .damaged
        }
    }

    /// Keys for another purpose than sealing, derived with HKDF-SHA256 (RFC 5869); the first one is current.
    package func derivedKeys(purpose: String) -> [SymmetricKey] {
        keys.map { HKDF<SHA256>.deriveKey(inputKeyMaterial: $0.key, info: Data(purpose.utf8), outputByteCount: 32) }
    }
}

extension Keyring {
    /// Seals text for a text column.
    package func seal(text: String, context: String) throws -> String {
        try seal(Data(text.utf8), context: context).base64EncodedString()
    }

    /// Opens what `seal(text:context:)` made.
    ///
    /// - Throws: `KeyringError`.
    package func open(text: String, context: String) throws(KeyringError) -> String {
        guard let envelope = Data(base64Encoded: text) else { throw .damaged }
        return String(decoding: try open(envelope, context: context), as: UTF8.self)
    }
}

package enum KeyringError: Error, Sendable, Equatable {
    case badMasterKey
    case unknownKey
    case damaged
}
