import Foundation
import JSONAPI
import Outgoing

/// What a token endpoint gave (RFC 6749 §5.1).
struct OAuthTokens: Sendable, Equatable {
    let accessToken: String
    let refreshToken: String?
    /// In seconds; nil: the token does not expire.
    let lifetime: TimeInterval?
    /// As the provider wrote them.
    let scopes: String?

    /// Longer texts are no tokens. Those of Azure and Bitbucket are JWTs of some thousand characters.
    private static let maximumLength = 16_384

    /// Reads the answer of a token endpoint. Unknown members are ignored; Bitbucket wrote `scopes` until May 2026 and
    /// writes `scope` since; some write `expires_in` as a text.
    ///
    /// - Parameter tokenTypes: The values of `token_type` that are understood, in lower case.
    /// - Throws: `OAuthFailure`.
    init(response: OutgoingResponse, tokenTypes: Set<String> = ["bearer"]) throws(OAuthFailure) {
        let body = (try? JSONValue(parsing: response.body)) ?? .null
        if let failure = OAuthFailure(response: response, body: body) { throw failure }
        guard let access = Self.token(body["access_token"]) else { throw .unavailable("answered without a usable access token") }
        if let type = body["token_type"]?.string, tokenTypes.contains(type.lowercased()) == false {
            throw .unavailable("answered with an unknown type of token")
        }
        accessToken = access
        refreshToken = Self.token(body["refresh_token"])
        lifetime = Self.seconds(body["expires_in"])
        scopes = (body["scope"]?.string ?? body["scopes"]?.string).map { String($0.prefix(1000)) }
    }

    private static func token(_ value: JSONValue?) -> String? {
        guard let text = value?.string, text.isEmpty == false, text.utf8.count <= maximumLength,
            text.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) })
        else { return nil }
        return text
    }

    private static func seconds(_ value: JSONValue?) -> TimeInterval? {
        let seconds =
            switch value {
            case .integer(let integer): Double(integer)
            case .number(let number): number
            case .string(let text): Double(text)
            default: Double?.none
            }
        guard let seconds, seconds > 0, seconds < 1e10 else { return nil }
        return seconds
    }
}

extension OAuthTokens: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "OAuthTokens(redacted)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
