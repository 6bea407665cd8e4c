import Foundation
import JSONAPI
package import Outgoing

/// Asks providers for tokens: once, without following redirects, and with secrets in the body or the header only.
package struct TokenExchange: Sendable {
    private let client: OutgoingClient
    private let allowsPlainHTTP: Bool

    /// - Parameter allowsPlainHTTP: Whether secrets may travel without TLS, which only a private network can justify.
    package init(client: OutgoingClient, allowsPlainHTTP: Bool) {
        self.client = client
        self.allowsPlainHTTP = allowsPlainHTTP
    }

    /// - Throws: `OAuthFailure`.
    func tokens(_ grant: OAuthGrant, from provider: any VCSProvider, as oauth: OAuthClient) async throws(OAuthFailure) -> OAuthTokens {
        let request = provider.tokenRequest(grant, client: oauth)
        guard isAllowed(request.url) else { throw .unavailable("has an endpoint that does not begin with https://") }
        let response: OutgoingResponse
        do {
            response = try await client.send(request)
        } catch let error as OutgoingError {
            throw .unavailable(Self.text(error))
        } catch {
            throw .unavailable("was not asked to the end")
        }
        return try provider.tokens(from: response)
    }

    /// Whose a token is, where the provider says it: people should see when an account was swapped.
    ///
    /// - Returns: nil when the token may not ask, or there is no answer.
    func account(of token: String, at provider: any VCSProvider) async -> String? {
        guard let url = provider.accountURL, isAllowed(url) else { return nil }
        let headers = [("Authorization", "Bearer \(token)"), ("Accept", "application/json"), ("User-Agent", "terrakube")]
        guard let response = try? await client.send(OutgoingRequest(url: url, headers: headers)), response.status == 200,
            let body = try? JSONValue(parsing: response.body)
        else { return nil }
        let names = ["login", "username", "nickname", "emailAddress", "displayName", "display_name"].compactMap { body[$0]?.string }
        return names.first { $0.isEmpty == false && $0 != token }.map { String($0.filter { $0.isNewline == false }.prefix(128)) }
    }

    /// Whether a secret of a connection may be sent to an address.
    func isAllowed(_ url: String) -> Bool {
        allowsPlainHTTP || WebOrigin(url)?.scheme == "https"
    }

    private static func text(_ error: OutgoingError) -> String {
        switch error {
        case .invalidURL: "has an endpoint that is no web address"
        case .privateAddress: "is not on the public internet, and this server may call nothing else (TERRAKUBE_ALLOW_PRIVATE_ENDPOINTS)"
        case .unresolvable: "has an endpoint whose host does not exist"
        case .tooLarge: "answered with more than a token"
        case .timeout: "did not answer in time"
        case .unreachable: "could not be reached"
        }
    }
}
