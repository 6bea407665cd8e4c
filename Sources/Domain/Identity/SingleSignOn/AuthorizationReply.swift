/// Where the answer to an authorization request goes: the client's address, with the state that it sent
/// (RFC 6749 §4.1.2), and with our name (RFC 9207).
package struct AuthorizationReply: Sendable, Equatable {
    let redirectURI: String
    let state: String?
    let issuer: String

    /// The client's address without its path: what a page's policy must let a form lead to.
    package var origin: String {
        redirectURI.split(separator: "/", omittingEmptySubsequences: false).prefix(3).joined(separator: "/")
    }

    func location(code: String) -> String {
        location([("code", code)])
    }

    package func location(_ error: OAuthError) -> String {
        location([("error", error.code.rawValue), ("error_description", error.description)])
    }

    private func location(_ parameters: [(String, String)]) -> String {
        let all = parameters + (state.map { [("state", $0)] } ?? []) + [("iss", issuer)]
        return redirectURI + "?" + all.map { "\($0)=\(FormParameters.encode($1))" }.joined(separator: "&")
    }
}
