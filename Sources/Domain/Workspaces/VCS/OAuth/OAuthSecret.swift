import Crypto
import Foundation
import Service

/// Random texts of the authorization flow, and their digests.
enum OAuthSecret {
    /// 256 random bits, in 43 characters that URLs, cookies and RFC 7636 take as they are.
    static func random() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64URL }
    }

    /// SHA-256: the S256 challenge of RFC 7636 §4.2, and what is stored of a state.
    static func digest(_ text: String) -> String {
        Data(SHA256.hash(data: Data(text.utf8))).base64URL
    }
}
