import Crypto
import Database
import Foundation
import HTTPTypes
import JSONAPI
import Service
import TestSupport
import Testing

@testable import Identity
@testable import Server

struct IssuerTokenTests {
    @Test("a code has one use, and a second one ends what came of the first", arguments: TestEngine.allCases)
    func codeReuse(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let code = try await flow.code()
            let first = try await flow.redeem(code)
            let access = try #require(first.string("access_token"))
            #expect(try await flow.status(access) == 200)
            let second = try await flow.redeem(code)
            #expect(second.status == 400)
            #expect(second.string("error") == "invalid_grant")
            #expect(try await flow.status(access) == 401)
            #expect(try await flow.refresh(try #require(first.string("refresh_token"))).string("error") == "invalid_grant")
        }
    }

    @Test("of many who redeem one code at once, at most one gets tokens, and they are worth nothing", arguments: TestEngine.allCases)
    func race(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let code = try await flow.code()
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<5 { group.addTask { try await flow.redeem(code) } }
                return try await group.reduce(into: [Answer]()) { $0.append($1) }
            }
            let winners = answers.filter { $0.status == 200 }
            #expect(winners.count == 1)
            #expect(try await flow.status(try #require(winners.first?.string("access_token"))) == 401)
        }
    }

    @Test(
        "Terraform gets a personal token without an end, which is listed, can be deleted, and ends with a reused code",
        arguments: TestEngine.allCases
    )
    func terraform(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let fields: [String: String?] = ["client_id": "terraform", "redirect_uri": SignOnFlow.terraformRedirect]
            func login() async throws -> (code: String, token: String) {
                let code = try await flow.code(SignOnFlow.terraform)
                let answer = try await flow.redeem(code, fields)
                #expect(answer.string("token_type") == "bearer")
                #expect(answer.string("refresh_token") == nil)
                return (code, try #require(answer.string("access_token")))
            }
            let (code, token) = try await login()
            server.clock.advance(seconds: 400 * 86_400)
            #expect(try await flow.status(token) == 200)
            let listed = try await server.get("/pat/v1", as: .token(token))
            let item = try #require(listed.json.array?.first)
            #expect(item["description"] == "terraform login")
            #expect(try await server.delete("/pat/v1/\(try #require(item["id"]?.string))", as: .token(token)).status == 202)
            #expect(try await flow.status(token) == 401)
            #expect(try await flow.redeem(code, fields).status == 400)

            let again = try await SignOnFlow.begin(on: server, "berta")
            let other = try await again.code(SignOnFlow.terraform)
            let second = try #require(try await again.redeem(other, fields).string("access_token"))
            #expect(try await again.redeem(other, fields).string("error") == "invalid_grant")
            #expect(try await again.status(second) == 401)
        }
    }

    @Test("refresh tokens rotate, and an old one that comes again ends them all", arguments: TestEngine.allCases)
    func rotation(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let first = try #require(try await flow.redeem(try await flow.code()).string("refresh_token"))
            #expect(try await flow.refresh(first, client: "terrakube").string("error") == "invalid_grant")
            let answer = try await flow.refresh(first)
            #expect(answer.status == 200)
            #expect(answer.string("id_token") != nil)
            let (access, second) = (try #require(answer.string("access_token")), try #require(answer.string("refresh_token")))
            #expect(second != first)
            #expect(try await flow.status(access) == 200)
            #expect(try await flow.refresh(first).string("error") == "invalid_grant")
            #expect(try await flow.status(access) == 401)
            #expect(try await flow.refresh(second).string("error") == "invalid_grant")
        }
    }

    @Test("codes, access tokens, refresh tokens and grants end in time")
    func expiry() async throws {
        try await withServer(.sqlite) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let late = try await flow.code()
            server.clock.advance(seconds: 61)
            #expect(try await flow.redeem(late).string("error") == "invalid_grant")

            let tokens = try await flow.redeem(try await flow.code())
            let access = try #require(tokens.string("access_token"))
            server.clock.advance(seconds: 3590)
            #expect(try await flow.status(access) == 200)
            server.clock.advance(seconds: 11)
            #expect(try await flow.status(access) == 401)
            var refresh = try #require(tokens.string("refresh_token"))
            for _ in 0..<4 {
                server.clock.advance(seconds: 6 * 86_400)
                refresh = try #require(try await flow.refresh(refresh).string("refresh_token"))
            }
            server.clock.advance(seconds: 6.5 * 86_400)
            #expect(try await flow.refresh(refresh).string("error") == "invalid_grant")

            // The session of the browser has ended long ago.
            let again = try await SignOnFlow.begin(on: server, "berta")
            let idle = try #require(try await again.redeem(try await again.code()).string("refresh_token"))
            server.clock.advance(seconds: 8 * 86_400)
            #expect(try await again.refresh(idle).string("error") == "invalid_grant")
        }
    }

    @Test(
        "groups are those of the account, a disabled account is refused, and a new password ends its programs",
        arguments: TestEngine.allCases
    )
    func account(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let accounts = server.persistence.accounts
            let access = try #require(try await flow.redeem(try await flow.code()).string("access_token"))
            try await accounts.setGroups(["ops"], of: flow.user.id)
            #expect(try await server.get("/dex/userinfo", as: .token(access)).json["groups"] == ["ops"])

            let waiting = try await flow.code()
            let terraform = try await flow.code(SignOnFlow.terraform)
            let refresh = try #require(try await flow.redeem(try await flow.code()).string("refresh_token"))
            try await server.database.write { try UserStore($0).setDisabled(true, of: flow.user.id) }
            let disabled = try await server.get("organization", as: .token(access))
            #expect(disabled.status == 401)
            #expect(disabled.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            #expect(try await flow.redeem(waiting).string("error") == "invalid_grant")
            let fields: [String: String?] = ["client_id": "terraform", "redirect_uri": SignOnFlow.terraformRedirect]
            #expect(try await flow.redeem(terraform, fields).string("error") == "invalid_grant")
            #expect(try await flow.refresh(refresh).string("error") == "invalid_grant")

            try await accounts.setDisabled(false, of: flow.user.id)
            #expect(try await flow.status(access) == 200)
            _ = try await accounts.setPassword(nil, of: flow.user.id)
            #expect(try await flow.status(access) == 401)
            #expect(try await server.count("oidc_grant") == 0)
        }
    }

    @Test("a code is refused, and gone, with anything wrong about it")
    func wrongCode() async throws {
        try await withServer(.sqlite) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let wrong: [[String: String?]] = [
                ["code_verifier": "another-verifier-another-verifier-another-verifier"], ["code_verifier": SignOnFlow.challenge],
                ["client_id": "terraform"], ["client_id": "terrakube"], ["redirect_uri": nil],
                ["redirect_uri": "http://localhost:10010/login"],
            ]
            for changes in wrong {
                let code = try await flow.code()
                let answer = try await flow.redeem(code, changes)
                #expect(answer.status == 400, "\(changes)")
                #expect(answer.string("error") == "invalid_grant", "\(changes)")
                #expect(try await flow.redeem(code).string("error") == "invalid_grant", "\(changes)")
            }
            #expect(try await server.count("oidc_grant") == 0)
            #expect(try await flow.redeem("guess").string("error") == "invalid_grant")
        }
    }

    @Test("bad requests for tokens get OAuth's errors, which nobody may store")
    func badRequests() async throws {
        try await withServer(.sqlite) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let code = try await flow.code()
            let cases: [(changes: [String: String?], status: Int, error: String)] = [
                (["grant_type": nil], 400, "invalid_request"), (["grant_type": "password"], 400, "unsupported_grant_type"),
                (["code": nil], 400, "invalid_request"), (["code_verifier": nil], 400, "invalid_request"),
                (["client_id": nil], 401, "invalid_client"), (["client_id": "example-app"], 401, "invalid_client"),
                (["grant_type": "refresh_token"], 400, "invalid_request"),
                (["grant_type": "refresh_token", "refresh_token": "guess"], 400, "invalid_grant"),
                (["code": "a\u{0}b"], 400, "invalid_request"), (["x": String(repeating: "x", count: 20_000)], 400, "invalid_request"),
            ]
            for (changes, status, error) in cases {
                let answer = try await flow.redeem(code, changes)
                #expect(answer.status == status, "\(changes.keys)")
                #expect(answer.string("error") == error, "\(changes.keys)")
                #expect(answer.headers[.cacheControl] == "no-store")
                #expect(answer.headers[.contentType] == "application/json")
                #expect((answer.headers[.wwwAuthenticate] != nil) == (status == 401))
            }
            let bodies = [("grant_type=authorization_code&client_id=terraform&client_id=terraform", nil), ("{}", "application/json")]
            for (body, type) in bodies {
                let answer = try await server.send(
                    .post,
                    "/dex/token",
                    Data(body.utf8),
                    type: type ?? "application/x-www-form-urlencoded",
                    as: .nobody
                )
                #expect(answer.string("error") == "invalid_request")
            }
            // None of it was a try with the code.
            #expect(try await flow.redeem(code).status == 200)
        }
    }

    @Test("an access token that was altered, or made for something else, opens nothing", arguments: TestEngine.allCases)
    func forgery(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let answer = try await flow.redeem(try await flow.code())
            let genuine = try #require(answer.string("access_token"))
            let parts = genuine.split(separator: ".").map(String.init)
            let keys = IssuerKeys(database: server.database, keyring: server.persistence.keyring, time: server.persistence.time)
            let row = try #require(try await server.database.read { try $0.row("SELECT * FROM oidc_grant LIMIT 1") })
            let grantID: String = try row.get("id")
            let now = server.clock.now()
            let found = try await server.database.read { connection -> (SignOnGrant, User)? in
                try SignOnGrantStore(connection).find(id: grantID, now: now).map { ($0.grant, $0.user) }
            }
            let (grant, user) = try #require(found)
            let evil = IssuerTokens(keys: keys, address: ServerAddress(publicURL: "https://evil.example"))
            let ours = IssuerTokens(keys: keys, address: server.server.address)
            let nobody = SignOnGrant(id: "none", userID: user.id, client: grant.client, scope: grant.scope, createdDate: now)
            func header(_ text: String) -> String { Data(text.utf8).base64URL }
            let key = try #require(try await server.database.read { try $0.row("SELECT * FROM oidc_signing_key LIMIT 1") })
            let (kid, pem): (String, String) = (try key.get("id"), try key.get("public_key"))
            let confused = header(#"{"alg":"HS256","typ":"at+jwt","kid":"\#(kid)"}"#) + "." + parts[1]
            let confusion = HMAC<SHA256>.authenticationCode(for: Data(confused.utf8), using: SymmetricKey(data: Data(pem.utf8)))
            #expect(try await flow.status(genuine) == 200)
            #expect(try await flow.status(try await ours.accessToken(for: grant, user: user, now: now)) == 200)
            let forged: [String: String] = [
                "algorithm none": header(#"{"alg":"none","typ":"at+jwt","kid":"\#(kid)"}"#) + ".\(parts[1]).",
                "algorithm none with a signature": header(#"{"alg":"none","typ":"at+jwt","kid":"\#(kid)"}"#) + ".\(parts[1]).\(parts[2])",
                "the public key as a secret": confused + "." + Data(confusion).base64URL,
                "no signature": "\(parts[0]).\(parts[1]).",
                "another payload": "\(parts[0]).\(Data("{}".utf8).base64URL).\(parts[2])",
                "an unknown key": header(#"{"alg":"RS256","typ":"at+jwt","kid":"x"}"#) + ".\(parts[1]).\(parts[2])",
                "an ID token": try #require(answer.string("id_token")),
                "another issuer and audience": try await evil.accessToken(for: grant, user: user, now: now),
                "the grant of no row": try await ours.accessToken(for: nobody, user: user, now: now),
                "an end that has come": try await ours.accessToken(for: grant, user: user, now: now.addingTimeInterval(-3601)),
                "cut short": String(genuine.dropLast(4)),
            ]
            for (name, token) in forged {
                for path in ["organization", "/dex/userinfo", "/pat/v1"] {
                    let answer = try await server.get(path, as: .token(token))
                    #expect(answer.status == 401, "\(name) at \(path)")
                    #expect(answer.headers[.wwwAuthenticate] == "Bearer realm=\"terrakube\"", "\(name)")
                }
            }
        }
    }

    @Test("keys rotate: the new one signs, the old one stays good until it is deleted", arguments: TestEngine.allCases)
    func keyRotation(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let flow = try await SignOnFlow.begin(on: server)
            func kid(_ token: String) throws -> String {
                let header = try #require(token.split(separator: ".").first)
                return try #require(try Answer.claims(of: "x.\(header).x")["kid"]?.string)
            }
            let old = try #require(try await flow.redeem(try await flow.code()).string("access_token"))
            try await IssuerKeys(database: server.database, keyring: server.persistence.keyring, time: server.persistence.time).rotate()
            let new = try #require(try await flow.redeem(try await flow.code()).string("access_token"))
            #expect(try await flow.status(old) == 200)
            #expect(try await flow.status(new) == 200)
            let keys = try await server.get("/dex/keys", as: .nobody)
            #expect(keys.json["keys"]?.array?.compactMap { $0["kid"]?.string } == [try kid(new), try kid(old)])
            #expect(keys.json["keys"]?.array?.first?["alg"] == "RS256")
            #expect(keys.json["keys"]?.array?.first?["e"] == "AQAB")
            #expect(keys.text.contains("\"d\"") == false)
            let retired = try kid(old)
            try await server.database.write { try $0.execute("DELETE FROM oidc_signing_key WHERE id = \(retired)") }
            #expect(try await flow.status(old) == 401)
            #expect(try await flow.status(new) == 200)
        }
    }

    @Test("nothing that is stored can be used", arguments: TestEngine.allCases)
    func storage(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let code = try await flow.code()
            let answer = try await flow.redeem(code)
            let device = try await server.send(
                .post,
                "/dex/device/code",
                Data("client_id=terrakube-cli".utf8),
                type: "application/x-www-form-urlencoded",
                as: .nobody
            )
            let secrets = [
                code, answer.string("access_token"), answer.string("refresh_token"), device.string("device_code"),
                device.string("user_code"), "PRIVATE KEY",
            ]
            let tables = ["oidc_code", "oidc_grant", "oidc_refresh_token", "oidc_device", "oidc_signing_key"]
            for table in tables {
                let rows = try await server.database.read { try $0.rows("SELECT * FROM \(identifier: table)") }
                #expect(rows.isEmpty == false, "\(table)")
                for secret in secrets {
                    let text = try #require(secret)
                    #expect(rows.contains { row in row.values.contains { "\($0)".contains(text) } } == false, "\(table)")
                }
            }
        }
    }
}
