import Database
import Foundation
import JSONAPI
import Runs
import TestSupport
import Testing
import Wire

@testable import Server
@testable import Workspaces

extension ConnectionFixture {
    /// A workspace on a repository of the host, by the connection.
    func makeWorkspace(source: String? = nil) async throws -> String {
        let attributes: [String: JSONValue] = [
            "name": "network", "source": .string(source ?? "\(host.url)/acme/infra.git"), "branch": "main", "terraformVersion": "1.11.4",
        ]
        let body: JSONValue = .resource("workspace", attributes, ["vcs": .link("vcs", id)])
        let answer = try await server.post("organization/\(organization)/workspace", body)
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.id)
    }

    /// What an executor is told about the repository of a new job.
    func sourceAccess(source: String? = nil, asking repository: String? = nil) async throws -> SourceAccess {
        let workspace = try await makeWorkspace(source: source)
        _ = try await server.startJob(in: workspace)
        let assignment = try await FakeExecutor(server).claim()
        #expect(assignment.connection == id)
        let address = repository ?? source ?? "\(host.url)/acme/infra.git"
        return try await server.server.queue.sourceAccess(to: address, refused: nil, lease: assignment.lease)
    }
}

@Suite("Access to the source of a job", .timeLimit(.minutes(10)))
struct SourceAccessTests {
    @Test("a run gets the connection's token, under the provider's user name", arguments: FakeVCSHost.Persona.allCases)
    func token(persona: FakeVCSHost.Persona) async throws {
        try await ConnectionFixture.with(persona) { fixture in
            try await fixture.connect()
            let source = persona == .azure ? "\(fixture.host.url)/acme/p/_git/infra" : nil
            let access = try await fixture.sourceAccess(source: source)
            let names: [FakeVCSHost.Persona: String] = [
                .bitbucket: "x-token-auth", .github: "x-access-token", .gitlab: "oauth2", .gitea: "oauth2", .azure: "dummy",
            ]
            let token = try #require(try await fixture.host.report().accessTokens.last)
            #expect(access == .password(username: names[persona] ?? "", password: token))
            #expect("\(access)".contains(token) == false)
        }
    }

    @Test(
        "a token is sent nowhere else",
        arguments: ["https://evil.example.com/acme/infra.git", "http://localhost:1/acme/infra.git", "git@bitbucket.org:acme/infra.git"]
    )
    func elsewhere(source: String) async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            let access = try await fixture.sourceAccess(source: source)
            #expect(access == .unavailable(reason: "The repository is not at Bitbucket, where the connection ours leads."))
        }
    }

    @Test("what the executor asks for counts, not what the workspace says by now")
    func swapped() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            let access = try await fixture.sourceAccess(asking: "https://evil.example.com/acme/infra.git")
            #expect(access == .unavailable(reason: "The repository is not at Bitbucket, where the connection ours leads."))
        }
    }

    @Test("a connection that nobody authorized is the reason of the failure")
    func pending() async throws {
        try await ConnectionFixture.with { fixture in
            let reason = """
                The connection ours can't be used. Nobody has authorized it yet. \
                Connect it at \(TestServer.publicURL)/connect/v1/vcs/\(fixture.id)
                """
            let access = try await fixture.sourceAccess()
            #expect(access == .unavailable(reason: reason))
        }
    }

    @Test("a token that was saved by hand is used as it is", arguments: ["OAUTH", "STANDALONE"])
    func savedToken(connectionType: String) async throws {
        let attributes: [String: JSONValue] = ["accessToken": "canary-saved", "connectionType": .string(connectionType)]
        try await ConnectionFixture.with(.github, attributes: attributes) { fixture in
            let access = try await fixture.sourceAccess()
            #expect(access == .password(username: "x-access-token", password: "canary-saved"))
        }
    }

    @Test("a public connection opens without a password, and others that nobody authorizes say that they can't")
    func otherTypes() async throws {
        try await ConnectionFixture.with(attributes: ["vcsType": "PUBLIC"]) { fixture in
            let access = try await fixture.sourceAccess()
            #expect(access == .open)
        }
        try await ConnectionFixture.with(attributes: ["vcsType": "AZURE_SP_MI"]) { fixture in
            let access = try await fixture.sourceAccess()
            #expect(access == .unavailable(reason: "Connections of the type AZURE_SP_MI give no access to repositories."))
        }
    }

    @Test("without leave to call private hosts, a token goes nowhere by plain http")
    func plainHTTP() async throws {
        try await ConnectionFixture.with(.github, attributes: ["accessToken": "saved"], configure: { $0.allowsPrivateEndpoints = false }) {
            fixture in
            let access = try await fixture.sourceAccess()
            #expect(access == .unavailable(reason: "The repository's address must begin with https:// to be sent a token."))
        }
    }

    @Test("secrets that no key opens are the reason of the failure")
    func damaged() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            let id = fixture.id
            try await fixture.server.database.write { try $0.execute("UPDATE vcs SET refresh_token = access_token WHERE id = \(id)") }
            let access = try await fixture.sourceAccess()
            let reason = "The secrets of the connection can't be opened with this server's key. Save them again, and connect it."
            #expect(access == .unavailable(reason: reason))
        }
    }

    @Test("a lease that is over gets nothing")
    func lease() async throws {
        try await ConnectionFixture.with { fixture in
            try await fixture.connect()
            let workspace = try await fixture.makeWorkspace()
            _ = try await fixture.server.startJob(in: workspace)
            let lease = try await FakeExecutor(fixture.server).claim().lease
            let stale = JobLease(jobID: lease.jobID, epoch: lease.epoch - 1, token: lease.token)
            let queue = fixture.server.server.queue
            await #expect(throws: LeaseLost.self) {
                try await queue.sourceAccess(to: "\(fixture.host.url)/acme/infra.git", refused: nil, lease: stale)
            }
        }
    }
}
