import Database
import JSONAPI
import Service
import TestSupport
import Testing

@testable import Server

struct CredentialTests {
    @Test("the secrets of VCS connections and SSH keys are in no answer, and nowhere on disk", arguments: TestEngine.allCases)
    func secrets(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            for (type, attributes) in Credentials.all {
                let list = "organization/\(organization)/\(type)"
                let made = try await server.post(list, .resource(type, attributes))
                let id = try #require(made.id)
                let change: JSONValue = .resource(type, id: id, ["name": "renamed", "privateKey": .string("\(Credentials.canary)-new")])
                try await #expect(server.patch("\(list)/\(id)", change).status == 204)
                let answers = [
                    made, try await server.get(list), try await server.get("\(list)/\(id)"),
                    try await server.get("organization/\(organization)?include=\(type)"),
                    try await server.get("\(list)?fields[\(type)]=privateKey,name"),
                ]
                for answer in answers {
                    #expect(answer.status < 300)
                    #expect(answer.text.contains(Credentials.canary) == false)
                    for secret in ["clientSecret", "privateKey", "accessToken"] { #expect(answer.text.contains(secret) == false) }
                }
                #expect(try await server.get("\(list)/\(id)").attributes["name"] == "renamed")
                for filter in ["privateKey==*", "privateKey==\(Credentials.canary)*", "privateKey=isnull=false"] {
                    #expect(try await server.get("\(list)?filter[\(type)]=\(filter)").ids == [], "\(filter)")
                }
            }
            try await server.expectNowhereOnDisk(Credentials.canary)
        }
    }

    @Test("a sealed secret opens only with its own row and column", arguments: TestEngine.allCases)
    func contexts(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let id = try await server.make("vcs", at: "organization/\(organization)/vcs", Credentials.vcs)
            let row = try await server.database.read { try $0.row("SELECT * FROM vcs") }
            let sealed: String = try #require(row).get("client_secret")
            let keyring = server.persistence.keyring
            #expect(try keyring.open(text: sealed, context: "vcs/\(id)/client_secret") == "\(Credentials.canary)-client")
            #expect(throws: KeyringError.damaged) { try keyring.open(text: sealed, context: "vcs/\(id)/private_key") }
        }
    }
}
