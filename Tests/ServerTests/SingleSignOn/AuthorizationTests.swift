import Foundation
import HTTPTypes
import Identity
import JSONAPI
import TestSupport
import Testing

struct AuthorizationTests {
    @Test("somebody signs in on the way, allows it, and the program gets tokens that open the API", arguments: TestEngine.allCases)
    func wholeFlow(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let path = "/dex/auth?" + SignOnFlow.query(["nonce": "n-1", "scope": "openid profile email groups offline_access"])
            let stranger = TestBrowser(client: server.client)
            let login = try await stranger.get(path)
            #expect(login.status == 303)
            let next = try #require(try SignOnFlow.parameters(of: login)["next"])
            #expect(next == path)
            let back = try await stranger.post("/login", ["username": "anna", "password": SignOnFlow.password, "next": next])
            #expect(back.location == path)

            let question = try await flow.browser.get(path)
            #expect(question.text.contains("The Terrakube command line"))
            #expect(question.headers[.contentSecurityPolicy]?.contains("form-action 'self' http://127.0.0.1:10010;") == true)
            #expect(question.headers[.cacheControl] == "no-store")
            let allowed = try await flow.decide("allow", ["nonce": "n-1", "scope": "openid profile email groups offline_access"])
            #expect(allowed.status == 303)
            #expect(allowed.location?.hasPrefix(SignOnFlow.commandLineRedirect + "?") == true)
            let reply = try SignOnFlow.parameters(of: allowed)
            #expect(reply["state"] == "s t&1")
            #expect(reply["iss"] == "https://terrakube.example.com/dex")

            let answer = try await flow.redeem(try #require(reply["code"]))
            #expect(answer.status == 200)
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.string("token_type") == "bearer")
            #expect(answer.json["expires_in"] == 3600)
            #expect(answer.string("scope") == "openid profile email groups offline_access")
            let access = try #require(answer.string("access_token"))
            #expect(try await flow.status(access) == 200)
            let info = try await server.get("/dex/userinfo", as: .token(access))
            #expect(info.json["sub"]?.string == flow.user.id)
            #expect(info.json["groups"] == ["dev"])
            let identity = try Answer.claims(of: try #require(answer.string("id_token")))
            #expect(identity["iss"] == "https://terrakube.example.com/dex")
            #expect(identity["nonce"] == "n-1")
            #expect(identity["aud"] == "terrakube-cli" || identity["aud"] == ["terrakube-cli"])
            for claims in [identity, try Answer.claims(of: access)] {
                #expect(claims["sub"]?.string == flow.user.id)
                #expect(claims["email"] == "anna@example.com")
                #expect(claims["email_verified"] == true)
                #expect(claims["name"] == "anna")
                #expect(claims["groups"] == ["dev"])
                #expect(claims["exp"] == 1_770_003_600)
            }
        }
    }

    @Test("the pages of this server get their code without a question, and without more scope no refresh token")
    func webUI() async throws {
        try await withServer(.sqlite) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let redirect = "https://terrakube.example.com/callback"
            let changes: [String: String?] = ["client_id": "terrakube", "redirect_uri": redirect, "scope": nil]
            let page = try await flow.browser.get("/dex/auth?" + SignOnFlow.query(changes))
            #expect(page.location?.hasPrefix(redirect + "?code=") == true)
            let code = try #require(try SignOnFlow.parameters(of: page)["code"])
            let answer = try await flow.redeem(code, ["client_id": "terrakube", "redirect_uri": redirect])
            #expect(try await flow.status(try #require(answer.string("access_token"))) == 200)
            #expect(answer.string("id_token") == nil)
            #expect(answer.string("refresh_token") == nil)
        }
    }

    @Test("a request that may come from anybody is answered by a page, never by a redirect")
    func pages() async throws {
        try await withServer(.sqlite) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let redirects: [String?] = [
                nil, "", "https://evil.example/login", "http://localhost:9999/login", "http://localhost:10011/login",
                "http://localhost:010003/login", "http://localhost:+10003/login", "http://localhost/login", "http://localhost:10003/",
                "http://localhost:10003/login?x=1", "http://localhost:10003/login#x", "http://localhost:10003@evil.example/login",
                "http://localhost.evil.example:10003/login", "https://localhost:10003/login", "http://[::1]:10003/login",
                "HTTP://localhost:10003/login", "javascript:alert(1)", "//localhost:10003/login", "http://localhost:10003/login/../x",
                "https://terrakube.example.com/",
            ]
            let bad: [[String: String?]] =
                redirects.map { ["redirect_uri": $0] } + [
                    ["client_id": nil], ["client_id": "example-app"], ["client_id": "<b>x</b>"],
                    ["client_id": "terrakube", "redirect_uri": "https://terrakube.example.com.evil.example/"],
                    ["client_id": "terrakube", "redirect_uri": "https://terrakube.example.com/runs/1"],
                ]
            let queries =
                bad.map { SignOnFlow.query($0) } + [
                    "", SignOnFlow.query() + "&client_id=terraform", SignOnFlow.query() + "&redirect_uri=https://evil.example",
                    SignOnFlow.query(["redirect_uri": nil]) + "&redirect_uri=%FF",
                ]
            for query in queries {
                for browser in [flow.browser, TestBrowser(client: server.client)] {
                    let page = try await browser.get("/dex/auth?" + query)
                    #expect(page.status == 400, "\(query)")
                    #expect(page.location == nil, "\(query)")
                    #expect(page.headers[.contentType] == "text/html; charset=utf-8")
                    #expect(page.text.contains("<b>x") == false)
                }
            }
            #expect(try await server.count("oidc_code") == 0)
        }
    }

    @Test("a client is told what is wrong with its request, with the state that it sent")
    func errors() async throws {
        try await withServer(.sqlite) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let cases: [(changes: [String: String?], error: String)] = [
                (["response_type": nil], "invalid_request"), (["response_type": "token"], "unsupported_response_type"),
                (["response_type": "code id_token"], "unsupported_response_type"), (["response_mode": "fragment"], "invalid_request"),
                (["code_challenge": nil], "invalid_request"), (["code_challenge": "short"], "invalid_request"),
                (["code_challenge": String(repeating: "+", count: 43)], "invalid_request"),
                (["code_challenge_method": nil], "invalid_request"), (["code_challenge_method": "plain"], "invalid_request"),
                (["request": "e30."], "request_not_supported"), (["request_uri": "https://evil.example"], "request_uri_not_supported"),
                (["prompt": "none"], "consent_required"), (["nonce": "a\u{0}b"], "invalid_request"),
            ]
            for (changes, error) in cases {
                let page = try await flow.browser.get("/dex/auth?" + SignOnFlow.query(changes))
                #expect(page.status == 303, "\(changes)")
                #expect(page.location?.hasPrefix(SignOnFlow.commandLineRedirect + "?error=") == true, "\(changes)")
                let reply = try SignOnFlow.parameters(of: page)
                #expect(reply["error"] == error, "\(changes)")
                #expect(reply["state"] == "s t&1")
            }
            let twice = try await flow.browser.get("/dex/auth?" + SignOnFlow.query() + "&scope=openid")
            #expect(try SignOnFlow.parameters(of: twice)["error"] == "invalid_request")
            let stranger = TestBrowser(client: server.client)
            let silent = try await stranger.get("/dex/auth?" + SignOnFlow.query(["prompt": "none"]))
            #expect(try SignOnFlow.parameters(of: silent)["error"] == "login_required")
            let long = try await stranger.get("/dex/auth?" + SignOnFlow.query(["nonce": String(repeating: "n", count: 4000)]))
            #expect(try SignOnFlow.parameters(of: long)["error"] == "invalid_request")
            #expect(try await server.count("oidc_code") == 0)
        }
    }

    @Test("whoever refuses, or did not see the question, gives no code")
    func consent() async throws {
        try await withServer(.sqlite) { server in
            let flow = try await SignOnFlow.begin(on: server)
            #expect(try SignOnFlow.parameters(of: try await flow.decide("deny"))["error"] == "access_denied")
            #expect(try SignOnFlow.parameters(of: try await flow.decide("what"))["error"] == "access_denied")
            let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
            let body = SignOnFlow.query() + "&decision=allow"
            for forged in [body, body + "&csrf=guess"] {
                let page = try await flow.browser.send(.post, "/dex/approval", headers: form, body: forged)
                #expect(page.status == 403)
            }
            let stranger = TestBrowser(client: server.client)
            #expect(try await stranger.send(.post, "/dex/approval", headers: form, body: body).location == "/login")
            var foreign = form
            foreign[.origin] = "https://evil.example"
            #expect(try await flow.browser.send(.post, "/dex/approval", headers: foreign, body: body).status == 403)
            // A token is no browser: nobody was asked.
            let token = try await server.makeToken(for: flow.user)
            #expect(try await server.get("/dex/auth?" + SignOnFlow.query(), as: .token(token)).status == 400)
            #expect(try await server.count("oidc_code") == 0)
        }
    }
}
