/// What a client asks for at `/dex/auth`: a code, with PKCE by S256 and nothing else.
/// Sources: RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 9700 §2.1.1, OpenID Connect Core §3.1.2.1.
package struct AuthorizationRequest: Sendable, Equatable {
    package enum Refusal: Error, Sendable, Equatable {
        /// Nobody knows whose request it is, so it is answered to the person alone, in these words.
        case page(String)
        /// The client is told.
        case reply(AuthorizationReply, OAuthError)
    }

    package let client: SignOnClient
    package let reply: AuthorizationReply
    /// The SHA-256 of the verifier, in base64url.
    let challenge: String
    package let scope: SignOnScope
    let nonce: String?
    /// Whether the client wants an answer at once, without a page for the user.
    package let isSilent: Bool

    /// - Parameter publicURL: Where this server is.
    /// - Throws: `Refusal`.
    init(_ parameters: FormParameters, publicURL: String, issuer: String) throws(Refusal) {
        guard let client = SignOnClient.find(parameters["client_id"]) else {
            throw .page("The program that sent you here is not known to this server (client_id).")
        }
        guard let redirectURI = parameters["redirect_uri"], client.accepts(redirectURI: redirectURI, publicURL: publicURL) else {
            throw .page("\(client.name) may not be sent to the address that the link names (redirect_uri).")
        }
        let reply = AuthorizationReply(redirectURI: redirectURI, state: parameters["state"], issuer: issuer)
        func refuse(_ code: OAuthError.Code, _ description: String) -> Refusal {
            .reply(reply, OAuthError(code, description))
        }
        if let name = parameters.refused.sorted().first {
            let isName = name.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_") }
            throw refuse(.invalidRequest, "The parameter\(isName ? " " + name : "") is damaged or came more than once.")
        }
        guard parameters["request"] == nil else { throw refuse(.requestNotSupported, "Request objects are not supported.") }
        guard parameters["request_uri"] == nil else { throw refuse(.requestURINotSupported, "Request objects are not supported.") }
        guard let responseType = parameters["response_type"] else { throw refuse(.invalidRequest, "response_type is missing.") }
        guard responseType == "code" else { throw refuse(.unsupportedResponseType, "response_type must be code.") }
        guard parameters["response_mode"] == nil || parameters["response_mode"] == "query" else {
            throw refuse(.invalidRequest, "response_mode must be query.")
        }
        guard parameters["code_challenge_method"] == "S256" else {
            throw refuse(.invalidRequest, "PKCE is required: code_challenge_method must be S256.")
        }
        guard let challenge = parameters["code_challenge"], Self.isChallenge(challenge) else {
            throw refuse(.invalidRequest, "PKCE is required: code_challenge must be a SHA-256 in base64url.")
        }
        self.client = client
        self.reply = reply
        self.challenge = challenge
        scope = SignOnScope(parameters["scope"])
        nonce = parameters["nonce"]
        isSilent = parameters["prompt"] == "none"
    }

    /// The request again, as the fields of a form.
    package var fields: [(name: String, value: String)] {
        let optional = [("state", reply.state), ("nonce", nonce), ("scope", scope.text)]
        return [
            ("client_id", client.id), ("redirect_uri", reply.redirectURI), ("response_type", "code"), ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ] + optional.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func isChallenge(_ text: String) -> Bool {
        text.utf8.count == 43
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
