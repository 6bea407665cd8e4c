import Foundation
import HTTPTypes
import Hummingbird
import JSONAPI
import Service

extension Request {
    /// No form of ours has more, in bytes.
    private static let formLimit = 64 * 1024

    /// The body of a form that this server's own pages sent.
    ///
    /// - Throws: `APIError` 400 when it is no such form, 403 when another site sent it, 413 when it is too large.
    func form<Form: Decodable>(_ type: Form.Type, address: ServerAddress) async throws -> Form {
        let text = try await formText(address: address)
        guard let form = try? URLEncodedFormDecoder().decode(type, from: text) else {
            throw APIError.badRequest("The form is incomplete or damaged. Go back, reload the page and try again.")
        }
        return form
    }

    /// The same, as it was sent.
    func formText(address: ServerAddress) async throws -> String {
        try requireSameOrigin(address)
        let contentType = headers[.contentType]?.split(separator: ";").first?.trimmingCharacters(in: .whitespaces).lowercased()
        guard contentType == "application/x-www-form-urlencoded" else {
            throw APIError.badRequest("This address takes a form. Use the page that leads here.")
        }
        let body = try await wholeBody(upTo: Self.formLimit)
        guard let text = String(bytes: body, encoding: .utf8) else {
            throw APIError.badRequest("The form is incomplete or damaged. Go back, reload the page and try again.")
        }
        return text
    }

    /// Refuses what another site made the browser send. Browsers say where a form comes from; `curl` does not, and has
    /// no cookie of somebody else either.
    /// Source: <https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html>.
    private func requireSameOrigin(_ address: ServerAddress) throws(APIError) {
        let isSame: Bool
        if let site = headers[named: "Sec-Fetch-Site"] {
            isSame = site == "same-origin" || site == "none"
        } else if let origin = headers[.origin] {
            let host = origin.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).first.map(String.init)
            isSame = origin == address.publicURL || (host != nil && host == head.authority)
        } else {
            isSame = true
        }
        guard isSame else { throw .forbidden("The form was sent from another site. Open the page here and try again.") }
    }
}

extension ServerContext {
    /// - Throws: `APIError` 403 unless the form came from a page of this very session.
    func requireCSRF(_ token: String?) throws(APIError) {
        guard let expected = session?.csrfToken, let token, token.equalsInConstantTime(expected) else {
            throw .forbidden("The page was out of date, so nothing was done. Reload it and try again.")
        }
    }
}

extension String {
    /// Compares without telling by the time it takes how much was right.
    fileprivate func equalsInConstantTime(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return zip(utf8, other.utf8).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
