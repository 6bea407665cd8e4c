import Foundation
import NIOHTTP1
import TestSupport
import Testing

@Suite("Connections of the other providers", .timeLimit(.minutes(5)))
struct ProviderConnectionTests {
    @Test(
        "Connect and an approval open a private repository, which plans and applies",
        arguments: FakeVCSHost.Persona.allCases.filter { $0 != .bitbucket }
    )
    func connect(persona: FakeVCSHost.Persona) async throws {
        try await FakeVCSHost.with(persona) { host in
            let name = persona == .azure ? "acme/project/_git/infra" : "acme/infra.git"
            let repository = try await host.repository(name)
            try await repository.commit(["main.tf": "output \"from\" { value = \"\(persona)\" }"])
            let environment = ["TERRAKUBE_ALLOW_PRIVATE_ENDPOINTS": "true", "TERRAKUBE_ADMIN_PASSWORD": "correct horse"]
            try await withServerProcess(environment: environment) { server, client in
                let project = try await Project.make(on: client, source: repository.url)
                let vcs = try await client.create(
                    "vcs",
                    at: "/organization/\(project.organization)/vcs",
                    [
                        "name": "ours", "description": "ours", "vcsType": persona.type, "clientId": host.clientID,
                        "clientSecret": host.clientSecret, "endpoint": host.url, "apiUrl": host.apiURL,
                    ]
                )
                try #require(vcs.status == 201, "\(vcs.text)")
                try await host.setCallback("\(client.url)/callback/v1/vcs/\(vcs.resource.id)")
                try await project.use(connection: vcs.resource.id)

                let departure = try await client.send(.GET, "/connect/v1/vcs/\(vcs.resource.id)", accept: "application/json")
                let page = try #require(departure.json["authorizeUrl"] as? String)
                let cookie = try #require(departure.cookie)
                let approved = try await host.browse(page)
                let shown = try await host.browse(try #require(approved.location), cookie: cookie)
                #expect(shown.text == "Connected")

                let run = try await project.start(Flow.planAndApply)
                #expect(try await run.end() == "completed")
                #expect(try await run.log(step: 1).contains("from = \"\(persona)\""))
                let report = try await host.report()
                #expect(report.violations == [])
                #expect(Traces.files(below: server.dataDirectory, holding: report.secrets + [host.clientSecret]) == [])
            }
        }
    }
}
