import Crypto
import Foundation

/// What a git host is told when it asks who is there. Never printed, and never part of a URL or an argument.
package struct GitCredentials: Sendable, Hashable {
    package let username: String
    package let password: String
    /// Who has them, where the password changes from time to time. What was fetched for one holder is not shown to
    /// another, nor to those who have no credentials.
    private let holder: String?

    package init(username: String, password: String, holder: String? = nil) {
        self.username = username
        self.password = password
        self.holder = holder
    }

    /// What a host says goes into logs, and a host may repeat what it was told.
    func redacting(_ text: String) -> String {
        password.isEmpty ? text : text.replacing(password, with: "***")
    }

    /// Tells holders apart; it is a digest, from which no password comes back.
    var partition: String {
        let text = holder.map { "holder/\($0)" } ?? "password/\(username):\(password)"
        return SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }
}

extension GitCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "GitCredentials(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
