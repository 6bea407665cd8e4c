/// What a client asks for, of the scopes that this issuer knows; others are ignored (OpenID Connect Core §3.1.2.1).
package struct SignOnScope: Sendable, Equatable {
    package static let known = ["openid", "profile", "email", "groups", "offline_access"]

    private let names: [String]

    package init(_ text: String?) {
        let asked = Set((text ?? "").split(separator: " ").map(String.init))
        names = Self.known.filter(asked.contains)
    }

    /// As clients and the database have it.
    package var text: String { names.joined(separator: " ") }

    /// Whether an ID token is wanted.
    var isOpenID: Bool { names.contains("openid") }
    /// Whether a refresh token is wanted.
    var isOffline: Bool { names.contains("offline_access") }
}
