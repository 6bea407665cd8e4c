import Foundation

/// What a user let a client do. Its row keeps all tokens alive that were made for it: the access tokens, which name it as
/// their `jti`, and the family of refresh tokens.
struct SignOnGrant: Sendable, Equatable {
    /// Access and ID tokens end after so many seconds.
    static let tokenLifetime: TimeInterval = 3600
    /// A refresh token that nobody uses for so many seconds is worth nothing any more.
    static let refreshLifetime: TimeInterval = 7 * 86_400
    /// However often it is refreshed, the user must sign in again after so many seconds.
    static let offlineLifetime: TimeInterval = 30 * 86_400

    let id: String
    let userID: String
    let client: String
    let scope: SignOnScope
    let createdDate: Date
    let expiresDate: Date

    init(id: String, userID: String, client: String, scope: SignOnScope, createdDate: Date) {
        self.id = id
        self.userID = userID
        self.client = client
        self.scope = scope
        self.createdDate = createdDate
        expiresDate = createdDate.addingTimeInterval(scope.isOffline ? Self.offlineLifetime : Self.tokenLifetime)
    }
}
