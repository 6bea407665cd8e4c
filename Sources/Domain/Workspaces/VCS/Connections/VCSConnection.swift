import Foundation

/// A connection to a version control system with its opened secrets. It is made for one use and thrown away.
struct VCSConnection: Sendable {
    let id: String
    let organizationID: String
    let name: String
    let type: VCSType
    /// Whether people authorize it in the browser; otherwise it is a GitHub App.
    let usesOAuth: Bool
    let clientID: String
    let clientSecret: String
    /// The UUID that clients may choose for the callback's path; nil: the id.
    let callback: String?
    let redirectURL: String?
    let endpoints: VCSEndpoints?
    let status: VCSStatus
    let lastError: String?
    let epoch: Int
    let tokens: TokenState
    /// From when on a callback without a state is taken.
    let manualWindowFrom: Date?

    /// The last part of the callback's path.
    var callbackName: String { callback ?? id }

    /// The provider that people authorize this connection at; nil when there is none.
    var provider: (any VCSProvider)? {
        guard usesOAuth, clientID.isEmpty == false else { return nil }
        return gitProvider
    }

    /// The provider whose repositories a token of this connection opens.
    var gitProvider: (any VCSProvider)? {
        endpoints.flatMap { VCSProviders.provider(type, endpoints: $0) }
    }
}

extension VCSConnection {
    /// The tokens, and what is known about renewing them.
    struct TokenState: Sendable {
        var accessToken: String?
        var refreshToken: String?
        /// Nil: the access token does not expire.
        var expiration: Date?
        var obtained: Date?
        /// Somebody renews them, and has until then to do it.
        var claimedUntil: Date?
        /// After a failure that may pass: not to be tried again before.
        var retryDate: Date?
        var failures = 0
    }
}

extension VCSConnection: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "VCSConnection(\(id))" }
    var debugDescription: String { description }
    /// Secrets must not get into a log by reflection.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
