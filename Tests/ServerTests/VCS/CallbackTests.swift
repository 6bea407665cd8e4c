import Foundation
import HTTPTypes
import JSONAPI
import Server
import TestSupport
import Testing

@Suite("Callbacks of connections", .timeLimit(.minutes(10)))
struct CallbackTests {
    @Test("an address typed by hand connects, and the browser shows Connected", arguments: FakeVCSHost.Persona.allCases)
    func byHand(persona: FakeVCSHost.Persona) async throws {
        try await ConnectionFixture.with(persona) { fixture in
            #expect(try await fixture.attribute("status") == "PENDING")
            let answer = try await fixture.connectByHand()
            #expect(answer.status == 200)
            #expect(answer.body == Data("Connected".utf8))
            #expect(answer.headers[.contentType] == "text/plain")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(try await fixture.attribute("status") == "COMPLETED")
            let report = try await fixture.host.report()
            #expect(report.violations == [])
            #expect(report.grants.count == 1)
            #expect(try await fixture.accessToken() == report.accessTokens.last)
            #expect(try await fixture.attribute("connectedAs") == (persona == .bitbucket ? .null : "mona"))
            for secret in report.secrets + [fixture.host.clientSecret] { try await fixture.server.expectNowhereOnDisk(secret) }
        }
    }

    @Test("Connect goes by state, proof key and cookie", arguments: FakeVCSHost.Persona.allCases)
    func byConnect(persona: FakeVCSHost.Persona) async throws {
        try await ConnectionFixture.with(persona, .postgres) { fixture in
            let (page, cookie) = try await fixture.depart()
            let query = URLComponents(string: page)?.queryItems ?? []
            #expect(query.contains { $0.name == "state" && ($0.value?.count ?? 0) == 43 })
            let knowsPKCE = [FakeVCSHost.Persona.github, .gitlab, .gitea].contains(persona)
            #expect(query.contains { $0.name == "code_challenge" } == knowsPKCE)
            #expect(page.contains(fixture.host.clientSecret) == false)
            let answer = try await fixture.arrive(try await fixture.approve(page), cookie: cookie)
            #expect(answer.body == Data("Connected".utf8))
            #expect(answer.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(try await fixture.attribute("status") == "COMPLETED")
            #expect(try await fixture.host.report().violations == [])
        }
    }

    @Test("Bitbucket's answers of before May 2026 are understood")
    func oldAnswers() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.host.useOldAnswers()
            try await fixture.connect()
        }
    }

    @Test("a callback of one's own choice works, and redirectUrl is where the browser goes")
    func redirect() async throws {
        let callback = "0191d1a4-7a5c-11ef-b864-0242ac120002"
        let attributes: [String: JSONValue] = ["callback": .string(callback), "redirectUrl": "https://ui.example.com/settings/vcs?tab=1"]
        try await ConnectionFixture.with(attributes: attributes) { fixture in
            try await fixture.host.setCallback("\(TestServer.publicURL)/callback/v1/vcs/\(callback)")
            let answer = try await fixture.connectByHand()
            #expect(answer.status == 302)
            #expect(answer.headers[.location] == "https://ui.example.com/settings/vcs?tab=1")
            #expect(answer.body.isEmpty)
            #expect(try await fixture.attribute("status") == "COMPLETED")
        }
    }

    @Test("a failure goes back to a page of this server only")
    func failedRedirect() async throws {
        let own = "\(TestServer.publicURL)/settings"
        try await ConnectionFixture.with(attributes: ["redirectUrl": .string(own)]) { fixture in
            let answer = try await fixture.server.get("\(fixture.callback)?error=access_denied", as: .nobody)
            #expect(answer.status == 302)
            #expect(answer.headers[.location] == "\(own)?vcs_error=access_denied")
        }
        try await ConnectionFixture.with(attributes: ["redirectUrl": "https://elsewhere.example.com/"]) { fixture in
            let answer = try await fixture.server.get("\(fixture.callback)?error=access_denied", as: .nobody)
            #expect(answer.status == 400)
            #expect(answer.headers[.location] == nil)
        }
    }

    @Test(
        "what brings no code is 400, repeats nothing, and changes nothing",
        arguments: [
            "", "?code=", "?error=access_denied", "?error=%3Cscript%3E&error_description=%3Cb%3E",
            "?code=\(String(repeating: "x", count: 9000))",
        ]
    )
    func noCode(query: String) async throws {
        try await ConnectionFixture.with { fixture in
            let answer = try await fixture.server.get(fixture.callback + query, as: .nobody)
            #expect(answer.status == 400)
            #expect(answer.text.hasPrefix("Connection failed: "))
            #expect(answer.text.contains("<") == false)
            #expect(try await fixture.attribute("status") == "PENDING")
            #expect(try await fixture.host.report().grants == [])
            try await fixture.connect()
        }
    }

    @Test("a person who says no leaves the connection as it was")
    func denied() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.host.denyApprovals()
            let answer = try await fixture.connectByHand()
            #expect(answer.status == 400)
            #expect(answer.text == "Connection failed: the provider says that access was denied.")
            #expect(try await fixture.attribute("status") == "PENDING")
        }
    }

    @Test("an unknown connection is 404", arguments: ["0191d1a4-0000-11ef-b864-0242ac120002", "x", "%00", "..%2F..", "'; DROP TABLE vcs"])
    func unknown(name: String) async throws {
        try await ConnectionFixture.with { fixture in
            let escaped = name.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? ""
            let answer = try await fixture.server.get("/callback/v1/vcs/\(escaped)?code=x", as: .nobody)
            #expect(answer.status == 404)
            #expect(answer.text.contains("Connected") == false)
        }
    }

    @Test("a HEAD request uses up no code")
    func head() async throws {
        try await ConnectionFixture.with { fixture in
            let path = try await fixture.approve(fixture.host.manualURL(callback: TestServer.publicURL + fixture.callback))
            #expect(try await fixture.server.send(.head, path, as: .nobody).status == 405)
            #expect(try await fixture.server.get(path, as: .nobody).text == "Connected")
        }
    }

    @Test("a wrong secret is ERROR with its reason, and the right one connects", arguments: FakeVCSHost.Persona.allCases)
    func wrongSecret(persona: FakeVCSHost.Persona) async throws {
        try await ConnectionFixture.with(persona, attributes: ["clientSecret": "canary-wrong-secret"]) { fixture in
            let answer = try await fixture.connectByHand()
            #expect(answer.status == 502)
            #expect(answer.text.contains("does not accept the client id and secret"))
            #expect(answer.text.contains("canary") == false)
            #expect(try await fixture.attribute("status") == "ERROR")
            let lastError = try await fixture.attribute("lastError")?.string ?? ""
            #expect(lastError.contains("does not accept the client id and secret"))
            #expect(lastError.contains("canary") == false)
            let secret: JSONValue = .resource("vcs", id: fixture.id, ["clientSecret": .string(fixture.host.clientSecret)])
            #expect(try await fixture.server.patch(fixture.path, secret).status == 204)
            #expect(try await fixture.attribute("status") == "PENDING")
            try await fixture.connect()
            #expect(try await fixture.attribute("lastError") == .null)
        }
    }

    @Test("a host that does not answer well is 502 and may be tried again")
    func unavailable() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.host.failTokenRequests(1, status: 503)
            let answer = try await fixture.connectByHand()
            #expect(answer.status == 502)
            #expect(answer.text == "Connection failed: Bitbucket answered with status 503.")
            #expect(try await fixture.attribute("status") == "PENDING")
            #expect(try await fixture.attribute("lastError") == "Bitbucket answered with status 503.")
            try await fixture.connect()
        }
    }

    @Test("a private address is not called, unless the operator allows it")
    func privateAddress() async throws {
        try await ConnectionFixture.with(configure: { $0.allowsPrivateEndpoints = false }) { fixture in
            let answer = try await fixture.connectByHand()
            #expect(answer.status == 502)
            #expect(try await fixture.host.report().grants == [])
        }
    }

    // MARK: Swapping accounts

    @Test("a connection that works is not replaced without a state, and is with one")
    func swap() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            let token = try await fixture.accessToken()
            #expect(try await fixture.connectByHand().status == 409)
            #expect(try await fixture.accessToken() == token)
            #expect(try await fixture.host.report().grants.count == 1)
            let (page, cookie) = try await fixture.depart()
            #expect(try await fixture.arrive(try await fixture.approve(page), cookie: cookie).text == "Connected")
            #expect(try await fixture.accessToken() != token)
        }
    }

    @Test("a state is good once, in its browser, for its connection and for ten minutes")
    func states() async throws {
        try await ConnectionFixture.with { fixture in
            let (page, cookie) = try await fixture.depart()
            let path = try await fixture.approve(page)
            #expect(try await fixture.arrive(path, cookie: nil).status == 400)
            #expect(try await fixture.arrive(path, cookie: "__Host-terrakube-connect=other").status == 400)
            #expect(try await fixture.arrive(path + "x", cookie: cookie).status == 400)
            let attributes = fixture.host.connection
            let other = try await fixture.server.make("vcs", at: "organization/\(fixture.organization)/vcs", attributes)
            #expect(try await fixture.arrive(path.replacing(fixture.id, with: other), cookie: cookie).status == 400)
            #expect(try await fixture.host.report().grants == [])
            #expect(try await fixture.arrive(path, cookie: cookie).text == "Connected")
            #expect(try await fixture.arrive(path, cookie: cookie).status == 400)
            #expect(try await fixture.attribute("status") == "COMPLETED")
            let (late, lateCookie) = try await fixture.depart()
            let latePath = try await fixture.approve(late)
            fixture.server.clock.advance(seconds: 601)
            #expect(try await fixture.arrive(latePath, cookie: lateCookie).status == 400)
        }
    }

    @Test("a reconnection that fails leaves the connection that works")
    func failedReconnect() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            let token = try await fixture.accessToken()
            let (page, cookie) = try await fixture.depart()
            let path = try await fixture.approve(page)
            let forged = path.replacing(/code=[^&]+/, with: "code=forged")
            #expect(try await fixture.arrive(forged, cookie: cookie).status == 502)
            #expect(try await fixture.attribute("status") == "COMPLETED")
            #expect(try await fixture.accessToken() == token)
        }
    }

    @Test("the time for connecting by hand ends, and begins again with a new secret or by wish")
    func manualWindow() async throws {
        try await ConnectionFixture.with { fixture in
            fixture.server.clock.advance(seconds: 24 * 3600)
            let late = try await fixture.connectByHand()
            #expect(late.status == 409)
            #expect(try await fixture.attribute("status") == "PENDING")
            let open = "/connect/v1/vcs/\(fixture.id)/manual"
            #expect(try await fixture.server.send(.post, open, as: .nobody).status == 401)
            #expect(try await fixture.server.send(.post, open).status == 204)
            try await fixture.connect()
        }
        try await ConnectionFixture.with(configure: { $0.manualConnectWindow = 0 }) { fixture in
            let answer = try await fixture.connectByHand()
            #expect(answer.status == 409)
        }
    }

    @Test("two callbacks at once connect once")
    func race() async throws {
        try await ConnectionFixture.with(.bitbucket, .postgres) { fixture in
            let page = fixture.host.manualURL(callback: TestServer.publicURL + fixture.callback)
            var paths: [String] = []
            for _ in 0..<8 { paths.append(try await fixture.approve(page)) }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for path in paths { group.addTask { try await fixture.server.get(path, as: .nobody).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.allSatisfy { $0 == 200 || $0 == 409 })
            #expect(try await fixture.attribute("status") == "COMPLETED")
            let token = try await fixture.accessToken()
            #expect(try await fixture.host.report().accessTokens.contains(token))
        }
    }

    // MARK: Who connects

    @Test("who may not manage connections can't begin one")
    func permissions() async throws {
        try await ConnectionFixture.with { fixture in
            let server = fixture.server
            _ = try await server.makeTeam("readers", in: fixture.organization)
            _ = try await server.makeTeam("keepers", in: fixture.organization, flags: ["manageVcs"])
            let connect = "/connect/v1/vcs/\(fixture.id)"
            #expect(try await server.get(connect, as: .nobody).status == 401)
            let page = try await server.send(.get, connect, headers: [.accept: "text/html,*/*"], as: .nobody)
            #expect(page.status == 302)
            #expect(page.headers[.location] == "/login?next=%2Fconnect%2Fv1%2Fvcs%2F\(fixture.id)")
            #expect(try await server.get(connect, as: try await server.makeUser("stranger")).status == 404)
            #expect(try await server.get(connect, as: try await server.makeUser("reader", groups: ["readers"])).status == 403)
            let keeper = try await server.makeUser("keeper", groups: ["keepers"])
            #expect(try await server.get(connect, as: keeper).status == 302)
            let json = try await server.send(.get, connect, headers: [.accept: "application/json"], as: keeper)
            #expect(json.json["authorizeUrl"]?.string?.hasPrefix("\(fixture.host.url)/site/oauth2/authorize?client_id=") == true)
        }
    }

    @Test("what nobody authorizes can't be connected", arguments: ["AZURE_SP_MI", "PUBLIC"])
    func notOAuth(type: String) async throws {
        try await ConnectionFixture.with(attributes: ["vcsType": .string(type)]) { fixture in
            let answer = try await fixture.server.get("\(fixture.callback)?code=x", as: .nobody)
            #expect(answer.status == 400)
            #expect(try await fixture.server.get("/connect/v1/vcs/\(fixture.id)").status == 409)
            #expect(try await fixture.attribute("status") == "PENDING")
        }
    }
}
