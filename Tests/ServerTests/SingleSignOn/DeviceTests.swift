import Foundation
import HTTPTypes
import Identity
import TestSupport
import Testing

struct DeviceTests {
    private static let grant = "urn:ietf:params:oauth:grant-type:device_code"

    private static func begin(_ server: TestServer, client: String = "terrakube-cli") async throws -> Answer {
        try await server.send(
            .post,
            "/dex/device/code",
            Data("client_id=\(client)&scope=openid+offline_access".utf8),
            type: "application/x-www-form-urlencoded",
            as: .nobody
        )
    }

    private static func poll(_ flow: SignOnFlow, _ code: String, client: String = "terrakube-cli") async throws -> Answer {
        try await flow.token(["grant_type": grant, "client_id": client, "device_code": code])
    }

    @Test("a program without a browser gets tokens once its user typed its code, and once only", arguments: TestEngine.allCases)
    func wholeFlow(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let begun = try await Self.begin(server)
            #expect(begun.status == 200)
            #expect(begun.headers[.cacheControl] == "no-store")
            let (device, code) = (try #require(begun.string("device_code")), try #require(begun.string("user_code")))
            #expect(begun.string("verification_uri") == "https://terrakube.example.com/dex/device")
            #expect(begun.string("verification_uri_complete") == "https://terrakube.example.com/dex/device?user_code=\(code)")
            #expect(try await Self.poll(flow, device).string("error") == "authorization_pending")
            #expect(try await Self.poll(flow, device).string("error") == "slow_down")
            server.clock.advance(seconds: 11)
            #expect(try await Self.poll(flow, device).string("error") == "authorization_pending")
            #expect(try await Self.poll(flow, device, client: "terraform").string("error") == "invalid_grant")

            #expect(
                try await TestBrowser(client: server.client).get("/dex/device?user_code=\(code)").location
                    == "/login?next=/dex/device%3Fuser_code%3D\(code)"
            )
            let entry = try await flow.browser.get("/dex/device?user_code=\(code)")
            #expect(entry.text.contains("value=\"\(code)\""))
            let csrf = try #require(entry.text.matches(of: /name="csrf" value="([^"]+)"/).last.map { String($0.1) })
            let typed = code.lowercased().replacing("-", with: " ")
            let question = try await flow.browser.post("/dex/device", ["csrf": csrf, "user_code": typed])
            #expect(question.text.contains("The Terrakube command line"))
            #expect(try await flow.browser.post("/dex/device", ["csrf": "x", "user_code": code, "decision": "allow"]).status == 403)
            server.clock.advance(seconds: 11)
            #expect(try await Self.poll(flow, device).string("error") == "authorization_pending")
            let done = try await flow.browser.post("/dex/device", ["csrf": csrf, "user_code": code, "decision": "allow"])
            #expect(done.status == 200)
            #expect(done.text.contains("Connected"))
            #expect(try await flow.browser.post("/dex/device", ["csrf": csrf, "user_code": code, "decision": "allow"]).status == 400)

            let tokens = try await Self.poll(flow, device)
            #expect(tokens.status == 200)
            let access = try #require(tokens.string("access_token"))
            #expect(try await flow.status(access) == 200)
            #expect(tokens.string("refresh_token") != nil)
            #expect(try await Self.poll(flow, device).string("error") == "invalid_grant")
            #expect(try await flow.status(access) == 401)
        }
    }

    @Test("a refused code, an expired one and a guess give nothing")
    func refusals() async throws {
        try await withServer(.sqlite) { server in
            let flow = try await SignOnFlow.begin(on: server)
            let csrf = try #require(
                try await flow.browser.get("/dex/device").text.matches(of: /name="csrf" value="([^"]+)"/).last.map { String($0.1) }
            )
            let refused = try await Self.begin(server)
            let code = try #require(refused.string("user_code"))
            let page = try await flow.browser.post("/dex/device", ["csrf": csrf, "user_code": code, "decision": "deny"])
            #expect(page.text.contains("Refused"))
            #expect(try await Self.poll(flow, try #require(refused.string("device_code"))).string("error") == "access_denied")

            let late = try await Self.begin(server)
            server.clock.advance(seconds: 601)
            #expect(try await Self.poll(flow, try #require(late.string("device_code"))).string("error") == "expired_token")
            let lateCode = try #require(late.string("user_code"))
            #expect(try await flow.browser.post("/dex/device", ["csrf": csrf, "user_code": lateCode, "decision": "allow"]).status == 400)
            #expect(try await Self.poll(flow, "guess").string("error") == "invalid_grant")
            #expect(try await Self.begin(server, client: "terraform").string("error") == "unauthorized_client")
            #expect(try await Self.begin(server, client: "nobody").status == 401)

            var last = 0
            for _ in 0..<8 { last = try await flow.browser.post("/dex/device", ["csrf": csrf, "user_code": "BCDF-GHJK"]).status }
            #expect(last == 429)
        }
    }
}
