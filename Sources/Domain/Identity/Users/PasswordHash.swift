import Crypto
import CryptoExtras
import Foundation

/// How much work it is to hash a password, and to try one.
package struct PasswordCost: Sendable, Equatable {
    /// scrypt's N is 2 to the power of this.
    let logarithmicRounds: Int

    /// 32 MiB and a good part of a second.
    package static let standard = PasswordCost(logarithmicRounds: 15)
    /// No protection at all: for tests, which make many accounts.
    package static let least = PasswordCost(logarithmicRounds: 1)
}

/// A password as it is stored: scrypt (RFC 7914), in the PHC string form `$scrypt$ln=15,r=8,p=1$salt$hash`.
///
/// Making one takes time and memory on purpose: callers keep it off the event loops.
struct PasswordHash: Equatable {
    private static let length = 32

    let text: String

    init(password: String, cost: PasswordCost) throws {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        let hash = try Self.derive(password, salt: salt, logarithmicRounds: cost.logarithmicRounds)
        text = "$scrypt$ln=\(cost.logarithmicRounds),r=8,p=1$\(salt.base64EncodedString())$\(hash.base64EncodedString())"
    }

    init(stored text: String) {
        self.text = text
    }

    /// Compares in constant time.
    func matches(_ password: String) throws -> Bool {
        let parts = text.split(separator: "$")
        guard
            parts.count == 4, parts[0] == "scrypt",
            let rounds = parts[1].split(separator: ",").first?.dropFirst("ln=".count), let logarithmicRounds = Int(rounds),
            let salt = Data(base64Encoded: String(parts[2])), let expected = Data(base64Encoded: String(parts[3]))
        else { return false }
        let hash = try Self.derive(password, salt: salt, logarithmicRounds: logarithmicRounds)
        return hash.count == expected.count && zip(hash, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// 24 characters that can be typed: 120 bits.
    static func randomPassword() -> String {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        return SymmetricKey(size: .init(bitCount: 24 * 8)).withUnsafeBytes { bytes in
            String(bytes.map { alphabet[Int($0) % alphabet.count] })
        }
    }

    private static func derive(_ password: String, salt: Data, logarithmicRounds: Int) throws -> Data {
        try KDF.Scrypt.deriveKey(
            from: Data(password.utf8),
            salt: salt,
            outputByteCount: length,
            rounds: 1 << logarithmicRounds,
            blockSize: 8,
            parallelism: 1
        ).withUnsafeBytes { Data($0) }
    }
}
