import Database
import Foundation
import JSONAPI
import Service
import TestSupport
import Testing

@testable import Server
@testable import Workspaces

@Suite("Renewal of tokens", .timeLimit(.minutes(10)))
struct RenewalTests {
    @Test("twenty callers with an expired token cause one renewal and get the same token", arguments: TestEngine.allCases)
    func singleFlight(engine: TestEngine) async throws {
        try await ConnectionFixture.with(.bitbucket, engine) { fixture in
            try await fixture.connect()
            let old = try await fixture.accessToken()
            fixture.server.clock.advance(seconds: 7200)
            try await fixture.host.delayTokens(milliseconds: 300)
            let tokens = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await fixture.accessToken() } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            let report = try await fixture.host.report()
            #expect(report.grants == ["authorization_code 200", "refresh_token 200"])
            #expect(tokens == [try #require(report.accessTokens.last)])
            #expect(tokens.contains(old) == false)
            #expect(report.violations == [])
        }
    }

    @Test("of two servers on one database, one renews")
    func twoServers() async throws {
        let key = Keyring.generate()
        try await FakeVCSHost.with(.bitbucket) { host in
            try await withDatabaseURL(.postgres) { url in
                try await withTemporaryDirectory { directory in
                    let clock = TestClock()
                    let configurations = ["one", "two"].map { name in
                        var configuration = ServerConfiguration()
                        configuration.dataDirectory = directory.appending(path: name).path(percentEncoded: false)
                        configuration.databaseURL = url
                        configuration.secretKey = key
                        configuration.publicURL = TestServer.publicURL
                        configuration.administratorPassword = "correct horse"
                        configuration.allowsPrivateEndpoints = true
                        return configuration
                    }
                    try await withServer(configurations[0], clock: clock) { one in
                        let organization = try await one.makeOrganization()
                        let id = try await one.make("vcs", at: "organization/\(organization)/vcs", host.connection)
                        let fixture = ConnectionFixture(server: one, host: host, organization: organization, id: id)
                        try await host.setCallback(TestServer.publicURL + fixture.callback)
                        try await fixture.connect()
                        clock.advance(seconds: 7200)
                        try await host.delayTokens(milliseconds: 300)
                        try await withServer(configurations[1], clock: clock) { two in
                            let services = [one.server.connections.tokens, two.server.connections.tokens]
                            let tokens = try await withThrowingTaskGroup(of: String.self) { group in
                                for number in 0..<20 {
                                    group.addTask { try await services[number % 2].accessToken(of: id) }
                                }
                                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                            }
                            #expect(tokens.count == 1)
                        }
                        #expect(try await host.report().grants == ["authorization_code 200", "refresh_token 200"])
                    }
                }
            }
        }
    }

    @Test(
        "tokens rotate again and again, and the new pair is stored before it is used",
        arguments: [FakeVCSHost.Persona.bitbucket, .gitlab, .gitea, .azure]
    )
    func rotation(persona: FakeVCSHost.Persona) async throws {
        try await ConnectionFixture.with(persona) { fixture in
            try await fixture.connect()
            for _ in 0..<5 {
                fixture.server.clock.advance(seconds: 7200)
                let token = try await fixture.accessToken()
                let report = try await fixture.host.report()
                let stored = try await fixture.stored()
                #expect(token == report.accessTokens.last)
                #expect(stored.tokens.accessToken == token)
                #expect(stored.tokens.refreshToken == report.refreshTokens.last)
            }
            #expect(try await fixture.host.report().violations == [])
            #expect(try await fixture.attribute("status") == "COMPLETED")
        }
    }

    @Test("a caller who goes away does not take a rotated token along")
    func cancelled() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            fixture.server.clock.advance(seconds: 7200)
            try await fixture.host.delayTokens(milliseconds: 500)
            let caller = Task { try await fixture.accessToken() }
            while try await fixture.stored().tokens.claimedUntil == nil { await Task.yield() }
            caller.cancel()
            _ = await caller.result
            let report = try await fixture.host.report()
            #expect(report.grants.last == "refresh_token 200")
            #expect(try await fixture.stored().tokens.refreshToken == report.refreshTokens.last)
        }
    }

    @Test("a passing failure is waited out, longer each time, and recorded")
    func backoff() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            fixture.server.clock.advance(seconds: 7200)
            try await fixture.host.failTokenRequests(2, status: 503)
            await #expect(throws: VCSUnavailable.self) { try await fixture.accessToken() }
            await #expect(throws: VCSUnavailable("The connection ours can't be used. Bitbucket answered with status 503.")) {
                try await fixture.accessToken()
            }
            #expect(try await fixture.host.report().grants.count == 2)
            #expect(try await fixture.attribute("status") == "COMPLETED")
            fixture.server.clock.advance(seconds: 31)
            await #expect(throws: VCSUnavailable.self) { try await fixture.accessToken() }
            fixture.server.clock.advance(seconds: 31)
            await #expect(throws: VCSUnavailable.self) { try await fixture.accessToken() }
            #expect(try await fixture.host.report().grants.count == 3)
            fixture.server.clock.advance(seconds: 31)
            #expect(try await fixture.accessToken() == fixture.host.report().accessTokens.last)
            #expect(try await fixture.attribute("lastError") == .null)
        }
    }

    @Test("while the old token still lasts, a failed renewal hurts nobody")
    func early() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            let old = try await fixture.accessToken()
            fixture.server.clock.advance(seconds: 7000)
            try await fixture.host.failTokenRequests(1, status: 500)
            #expect(try await fixture.accessToken() == old)
            #expect(try await fixture.attribute("lastError") == "Bitbucket answered with status 500.")
        }
    }

    @Test("a connection that was taken back is ERROR with its reason, is left alone, and recovers by connecting again")
    func revoked() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            try await fixture.host.revokeEverything()
            fixture.server.clock.advance(seconds: 7200)
            for _ in 0..<3 {
                let error = await #expect(throws: VCSUnavailable.self) { try await fixture.accessToken() }
                #expect(error?.description.contains("Connect it again at \(TestServer.publicURL)/connect/v1/vcs/\(fixture.id)") == true)
            }
            #expect(try await fixture.host.report().grants == ["authorization_code 200", "refresh_token 400"])
            #expect(try await fixture.attribute("status") == "ERROR")
            #expect(try await fixture.attribute("lastError")?.string?.contains("(invalid_grant)") == true)
            let (page, cookie) = try await fixture.depart()
            #expect(try await fixture.arrive(try await fixture.approve(page), cookie: cookie).text == "Connected")
            #expect(try await fixture.attribute("status") == "COMPLETED")
            #expect(try await fixture.accessToken() == fixture.host.report().accessTokens.last)
        }
    }

    @Test("a claim that died with its process is taken over when its time is over")
    func abandoned() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            fixture.server.clock.advance(seconds: 7200)
            let (stored, now, keyring) = (try await fixture.stored(), fixture.server.clock.now(), fixture.server.persistence.keyring)
            try await fixture.server.database.write { transaction in
                let store = VCSStore(transaction, keyring: keyring)
                let isFirst = try store.claimRenewal(of: stored, claim: "dead", until: now.addingTimeInterval(60), now: now)
                let isSecond = try store.claimRenewal(of: stored, claim: "other", until: now.addingTimeInterval(60), now: now)
                #expect(isFirst && isSecond == false)
            }
            fixture.server.clock.advance(seconds: 61)
            #expect(try await fixture.accessToken() == fixture.host.report().accessTokens.last)
        }
    }

    @Test("tokens that nobody uses are renewed after a week")
    func idle() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            let tokens = fixture.server.server.connections.tokens
            fixture.server.clock.advance(seconds: 6 * 24 * 3600)
            await tokens.renewIdle()
            #expect(try await fixture.host.report().grants.count == 1)
            fixture.server.clock.advance(seconds: 25 * 3600)
            await tokens.renewIdle()
            await tokens.renewIdle()
            #expect(try await fixture.host.report().grants == ["authorization_code 200", "refresh_token 200"])
        }
    }
}
