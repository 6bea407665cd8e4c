import Foundation
import JSONAPI
import Outgoing

/// Why a provider gave no tokens. The texts are ours: what a provider writes may repeat what it was sent.
enum OAuthFailure: Error, Sendable, Equatable {
    /// The provider understood and said no; `code` is its error code. Asking again changes nothing.
    case rejected(code: String)
    /// It may pass: the text goes on from the provider's name.
    case unavailable(String, retryAfter: TimeInterval? = nil)

    /// Errors that say nothing about the client (RFC 6749 §4.1.2.1, RFC 8628 §3.5).
    private static let passing: Set<String> = ["temporarily_unavailable", "server_error", "slow_down", "rate_limited"]

    /// - Returns: nil when the answer is no failure.
    init?(response: OutgoingResponse, body: JSONValue) {
        let retryAfter = response.header("retry-after").flatMap(Double.init).map { min(max($0, 1), 3600) }
        // GitHub answers 200 with an error; Azure DevOps begins the name in upper case.
        let code = (body["error"]?.string ?? body["Error"]?.string).flatMap(Self.code)
        switch (response.status, code) {
        case (429, _), (500..., _): self = .unavailable("answered with status \(response.status)", retryAfter: retryAfter)
        case (_, let code?) where Self.passing.contains(code): self = .unavailable("answered with \(code)", retryAfter: retryAfter)
        case (_, let code?): self = .rejected(code: code)
        case (401, nil): self = .rejected(code: "invalid_client")
        case (200..<300, nil): return nil
        case (300..<400, nil): self = .unavailable("sent us to another address, which is not followed")
        default: self = .unavailable("answered with status \(response.status)", retryAfter: retryAfter)
        }
    }

    /// Only what looks like a code of the registry, never text.
    private static func code(_ text: String) -> String? {
        let isCode = text.utf8.count <= 60 && text.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F }
        return isCode && text.isEmpty == false ? text.lowercased() : "error"
    }

    /// A sentence for people, which holds no secret.
    func sentence(provider: String) -> String {
        switch self {
        case .unavailable(let text, _): "\(provider) \(text)."
        case .rejected(let code): "\(Self.meaning(of: code, provider: provider)) (\(code))."
        }
    }

    private static func meaning(of code: String, provider: String) -> String {
        switch code {
        case "invalid_client", "unauthorized_client", "incorrect_client_credentials", "invalidclient":
            "\(provider) does not accept the client id and secret of this connection"
        case "invalid_grant", "bad_verification_code", "bad_refresh_token", "invalidgrant":
            "\(provider) does not accept the authorization any more: it was used, has expired or was taken back"
        case "redirect_uri_mismatch", "invalid_redirect_uri":
            "\(provider) knows another callback address than this server's"
        case "invalid_scope":
            "\(provider) does not give the permissions that were asked for"
        default:
            "\(provider) refused"
        }
    }
}
