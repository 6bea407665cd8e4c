import Database
package import Foundation

/// A device that waits until somebody types its code into a page. Source: RFC 8628.
struct DeviceAuthorization: Sendable, Equatable {
    enum Status: String, SQLConvertible {
        case pending
        case approved
        case denied
        case used
    }

    /// In seconds.
    static let lifetime: TimeInterval = 600
    /// A device asks no more often than this, in seconds; each time that it does, so much is added.
    static let pollInterval = 5

    let hash: String
    let userCodeHash: String
    let client: String
    let scope: SignOnScope
    let expiresDate: Date
    var status = Status.pending
    var userID: String?
    var grantID: String?
    var pollSeconds = Self.pollInterval
    var polledDate: Date?
}

/// What a device is told at first: a code for itself, and one for the user.
package struct DeviceCodes: Sendable {
    package let deviceCode: String
    package let userCode: UserCode
    package let expiresIn: TimeInterval
    package let interval: Int
}

/// The code that a person types, such as `WDJB-MJHT`: consonants alone, so that it spells nothing (RFC 8628 §6.1).
package struct UserCode: Sendable, Equatable {
    private static let alphabet = Array("BCDFGHJKLMNPQRSTVWXZ")

    package let text: String

    init() {
        let letters = (0..<8).map { _ in Self.alphabet.randomElement() ?? "X" }
        text = String(letters.prefix(4)) + "-" + String(letters.suffix(4))
    }

    /// What somebody typed: case, spaces and dashes do not matter.
    ///
    /// - Returns: Nil when it can be no code.
    package init?(typed: String) {
        let letters = typed.uppercased().filter { $0 != "-" && $0 != " " }
        guard letters.count == 8, letters.allSatisfy(Self.alphabet.contains) else { return nil }
        text = letters.prefix(4) + "-" + letters.suffix(4)
    }

    var hash: String { SignOnSecret(presented: text).hash }
}
