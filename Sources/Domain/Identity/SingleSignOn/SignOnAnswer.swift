/// What the token endpoint answers. Source: RFC 6749 §5.1.
package struct SignOnAnswer: Encodable, Sendable {
    let accessToken: String
    let tokenType = "bearer"
    var expiresIn: Int?
    var refreshToken: String?
    var idToken: String?
    var scope: String?

    enum CodingKeys: String, CodingKey {
        case scope
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case refreshToken = "refresh_token"
        case idToken = "id_token"
    }
}
