import Foundation
import Outgoing
import Testing

@testable import Workspaces

struct OAuthTokensTests {
    private func tokens(_ body: String, status: Int = 200, headers: [(name: String, value: String)] = []) throws -> OAuthTokens {
        try OAuthTokens(response: OutgoingResponse(status: status, headers: headers, body: Data(body.utf8)))
    }

    @Test("Bitbucket's answers, of before and after May 2026")
    func bitbucket() throws {
        let old = try tokens(
            #"{"scopes":"repository","access_token":"a","expires_in":7200,"token_type":"bearer","state":"authorization_code","refresh_token":"r"}"#
        )
        let new = try tokens(#"{"scope":"repository","access_token":"a","expires_in":"7200","token_type":"Bearer","refresh_token":"r"}"#)
        #expect(old == new)
        #expect(old.lifetime == 7200)
        #expect(old.scopes == "repository")
        #expect("\(old)".contains("a,") == false)
    }

    @Test("GitHub's tokens that do not expire")
    func gitHub() throws {
        let tokens = try tokens(#"{"access_token":"gho_x","scope":"repo","token_type":"bearer"}"#)
        #expect(tokens.lifetime == nil)
        #expect(tokens.refreshToken == nil)
    }

    @Test(
        "what is no token is refused",
        arguments: [
            "", "[]", "<html>", "{}", #"{"access_token":""}"#, #"{"access_token":7}"#, #"{"access_token":"a\nb"}"#,
            #"{"access_token":"a","token_type":"mac"}"#, #"{"access_token":"\#(String(repeating: "a", count: 20_000))"}"#,
        ]
    )
    func nonsense(body: String) throws {
        let error = #expect(throws: OAuthFailure.self) { try tokens(body) }
        if case .unavailable = error {} else { Issue.record("\(String(describing: error))") }
    }

    @Test(
        "a no is told apart from trouble that may pass",
        arguments: [
            (400, #"{"error":"invalid_grant","error_description":"the secret is s3cret"}"#, OAuthFailure.rejected(code: "invalid_grant")),
            (200, #"{"error":"bad_verification_code"}"#, .rejected(code: "bad_verification_code")),
            (401, "", .rejected(code: "invalid_client")),
            (400, #"{"error":"<script>"}"#, .rejected(code: "error")),
            (400, #"{"Error":"InvalidGrant"}"#, .rejected(code: "invalidgrant")),
            (503, #"{"error":"invalid_grant"}"#, .unavailable("answered with status 503")),
            (400, #"{"error":"temporarily_unavailable"}"#, .unavailable("answered with temporarily_unavailable")),
            (404, "", .unavailable("answered with status 404")),
            (302, "", .unavailable("sent us to another address, which is not followed")),
        ] as [(Int, String, OAuthFailure)]
    )
    func failures(status: Int, body: String, failure: OAuthFailure) {
        #expect(throws: failure) { try tokens(body, status: status) }
        #expect(failure.sentence(provider: "Bitbucket").contains("s3cret") == false)
    }

    @Test("the time that a provider asks for is kept to")
    func retryAfter() {
        #expect(throws: OAuthFailure.unavailable("answered with status 429", retryAfter: 120)) {
            try tokens("", status: 429, headers: [("Retry-After", "120")])
        }
    }
}
