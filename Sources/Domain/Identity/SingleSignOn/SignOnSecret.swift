import Crypto
import Foundation
import Service

/// A code or a token that means nothing by itself: whoever holds it proves it, and only its hash is stored.
struct SignOnSecret: Sendable {
    let text: String

    /// 256 random bits.
    init() {
        text = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64URL
    }

    /// What a client presents.
    init(presented text: String) {
        self.text = text
    }

    /// Plain SHA-256 is enough: there is nothing to guess in 256 random bits, nor in the minutes of a user code.
    var hash: String {
        Data(SHA256.hash(data: Data(text.utf8))).base64URL
    }
}
