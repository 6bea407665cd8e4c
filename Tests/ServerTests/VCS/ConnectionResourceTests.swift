import Foundation
import JSONAPI
import TestSupport
import Testing

@testable import Workspaces

struct ConnectionResourceTests {
    private func patch(_ fixture: ConnectionFixture, _ attributes: [String: JSONValue]) async throws -> Answer {
        try await fixture.server.patch(fixture.path, .resource("vcs", id: fixture.id, attributes))
    }

    @Test("what was sent is what is shown, and what was left out stays null", arguments: TestEngine.allCases)
    func asSent(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let attributes: [String: JSONValue] = [
                "name": "ours", "description": "d", "vcsType": "BITBUCKET", "clientId": "key", "clientSecret": "secret",
            ]
            let made = try await server.post("organization/\(organization)/vcs", .resource("vcs", attributes))
            #expect(made.status == 201)
            #expect(made.attributes["status"] == "PENDING")
            #expect(made.attributes["connectionType"] == "OAUTH")
            for absent in ["clientSecret", "accessToken", "refreshToken", "privateKey"] { #expect(made.attributes[absent] == nil) }
            for null in ["endpoint", "apiUrl", "callback", "redirectUrl"] { #expect(made.attributes[null] == .null) }
            let empty = attributes.merging(["endpoint": "", "apiUrl": "", "callback": "", "privateKey": ""]) { _, new in new }
            let other = try await server.post("organization/\(organization)/vcs", .resource("vcs", empty))
            #expect(other.status == 201)
            #expect(other.attributes["endpoint"] == "")
        }
    }

    @Test(
        "addresses must be addresses",
        arguments: [
            ("endpoint", "bitbucket.org"), ("endpoint", "https://user:pass@bitbucket.org"), ("endpoint", "file:///etc/passwd"),
            ("apiUrl", "https://api.example.com/?x=1"), ("endpoint", "https://example.com/#x"), ("redirectUrl", "javascript:alert(1)"),
            ("redirectUrl", "//evil.example.com"), ("redirectUrl", "https://ui.example.com/\r\nX: y"), ("callback", "not-a-uuid"),
            ("callback", "../x"),
        ]
    )
    func addresses(attribute: String, value: String) async throws {
        try await ConnectionFixture.with { fixture in
            let answer = try await patch(fixture, [attribute: .string(value), "clientSecret": "x"])
            #expect(answer.status == 400)
            #expect(answer.pointer == "/data/attributes/\(attribute)")
        }
    }

    @Test("nobody takes the callback of another connection", arguments: TestEngine.allCases)
    func callbacks(engine: TestEngine) async throws {
        let callback = "0191d1a4-7a5c-11ef-b864-0242ac120002"
        try await ConnectionFixture.with(.bitbucket, engine, attributes: ["callback": .string(callback)]) { fixture in
            let other = try await fixture.server.makeOrganization("other")
            for taken in [callback, callback.uppercased(), fixture.id] {
                let attributes = fixture.host.connection.merging(["callback": .string(taken)]) { _, new in new }
                let answer = try await fixture.server.post("organization/\(other)/vcs", .resource("vcs", attributes))
                #expect(answer.status == 409)
            }
            #expect(try await patch(fixture, ["callback": .string(callback), "name": "again"]).status == 204)
        }
    }

    @Test("tokens do not go along to another host, nor does the secret")
    func otherHost() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            let refusal = try await patch(fixture, ["endpoint": "https://evil.example.com"])
            #expect(refusal.status == 400)
            #expect(refusal.pointer == "/data/attributes/clientSecret")
            #expect(try await fixture.stored().tokens.accessToken != nil)
            #expect(try await patch(fixture, ["endpoint": "https://evil.example.com", "clientSecret": "new"]).status == 204)
            let stored = try await fixture.stored()
            #expect(stored.tokens.accessToken == nil)
            #expect(stored.tokens.refreshToken == nil)
            #expect(stored.status == .pending)
        }
    }

    @Test("a change of the name, or the same secret again, leaves the connection alone; a new secret asks for a new approval")
    func harmlessChanges() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            let same: [String: JSONValue] = [
                "name": "renamed", "clientSecret": .string(fixture.host.clientSecret), "privateKey": "",
                "endpoint": .string(fixture.host.url + "/"),
            ]
            #expect(try await patch(fixture, same).status == 204)
            #expect(try await patch(fixture, ["clientSecret": ""]).status == 204)
            #expect(try await fixture.attribute("status") == "COMPLETED")
            fixture.server.clock.advance(seconds: 7200)
            #expect(try await fixture.accessToken() == fixture.host.report().accessTokens.last)
            #expect(try await patch(fixture, ["clientSecret": "rotated"]).status == 204)
            #expect(try await fixture.attribute("status") == "PENDING")
            #expect(try await fixture.stored().tokens.refreshToken != nil)
            #expect(try await patch(fixture, ["clientId": "another"]).status == 204)
            #expect(try await fixture.stored().tokens.refreshToken == nil)
        }
    }

    @Test("tokens that come for what a connection was before are thrown away")
    func overtaken() async throws {
        try await ConnectionFixture.with { fixture in
            let page = fixture.host.manualURL(callback: TestServer.publicURL + fixture.callback)
            let path = try await fixture.approve(page)
            try await fixture.host.delayTokens(milliseconds: 700)
            async let arrival = fixture.server.get(path, as: .nobody)
            while try await fixture.host.report().requests.count < 1 { await Task.yield() }
            #expect(try await patch(fixture, ["clientId": "another"]).status == 204)
            _ = try await arrival
            #expect(try await fixture.stored().tokens.accessToken == nil)
        }
    }

    @Test("a connection in use stays, and its users are named", arguments: TestEngine.allCases)
    func inUse(engine: TestEngine) async throws {
        try await ConnectionFixture.with(.bitbucket, engine) { fixture in
            let server = fixture.server
            let workspace = try await fixture.makeWorkspace()
            let refusal = try await server.delete(fixture.path)
            #expect(refusal.status == 409)
            #expect(refusal.detail == "The connection is in use: workspace network. Give them another one first.")
            let module: [String: JSONValue] = ["name": "vpc", "provider": "aws", "source": .string("\(fixture.host.url)/acme/vpc.git")]
            let made = try await server.post(
                "organization/\(fixture.organization)/module",
                .resource("module", module, ["vcs": .link("vcs", fixture.id)])
            )
            #expect(made.status == 201)
            // A deleted workspace keeps its row, and needs no connection.
            let gone: JSONValue = .resource("workspace", id: workspace, ["deleted": true])
            #expect(try await server.patch("organization/\(fixture.organization)/workspace/\(workspace)", gone).status == 204)
            let stillUsed = try await server.delete(fixture.path)
            #expect(stillUsed.status == 409)
            #expect(stillUsed.detail == "The connection is in use: module vpc. Give them another one first.")
            let modulePath = "organization/\(fixture.organization)/module/\(made.id ?? "")"
            #expect(try await server.delete(modulePath).status == 204)
            #expect(try await server.delete(fixture.path).status == 204)
            #expect(try await server.get(fixture.path).status == 404)
        }
    }
}
