import JSONAPI
import TestSupport
import Testing

struct GitHubAppTokenTests {
    private static let canary = "canary-ghs-5e1f"
    private static let token: [String: JSONValue] = [
        "owner": "acme", "appId": "1001", "installationId": "77", "token": .string(canary), "expiresAt": "2026-11-24T13:00:00Z",
    ]

    @Test("the token of a GitHub App is in no answer, and nowhere on disk", arguments: TestEngine.allCases)
    func secrets(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let made = try await server.post("github_app_token", .resource("github_app_token", Self.token))
            let id = try #require(made.id)
            let change: JSONValue = .resource("github_app_token", id: id, ["token": .string("\(Self.canary)-new")])
            try await #expect(server.patch("github_app_token/\(id)", change).status == 204)
            let answers = [
                made, try await server.get("github_app_token"), try await server.get("github_app_token/\(id)"),
                try await server.get("github_app_token?fields[github_app_token]=token,owner"),
            ]
            for answer in answers {
                #expect(answer.status < 300)
                #expect(answer.text.contains(Self.canary) == false)
                #expect(answer.text.contains("\"token\"") == false)
            }
            #expect(made.attributes["expiresAt"] == "2026-11-24T13:00Z")
            #expect(try await server.get("github_app_token?filter[github_app_token]=owner==acme;appId==1001").ids == [id])
            #expect(try await server.get("github_app_token?filter[github_app_token]=token==*").ids == [])
            try await server.expectNowhereOnDisk(Self.canary)
            try await #expect(server.post("github_app_token", .resource("github_app_token", Self.token)).status == 409)
            try await #expect(server.delete("github_app_token/\(id)").status == 204)
        }
    }

    @Test("only administrators know the tokens of GitHub Apps", arguments: TestEngine.allCases)
    func administratorsOnly(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            _ = try await server.makeTeam("platform", in: try await server.makeOrganization(), role: "admin")
            let anna = try await server.makeUser("anna", groups: ["platform"])
            let id = try await server.make("github_app_token", at: "github_app_token", Self.token)
            #expect(try await server.get("github_app_token", as: anna).ids == [])
            #expect(try await server.get("github_app_token/\(id)", as: anna).status == 404)
            let other = Self.token.merging(["owner": "anna"]) { _, new in new }
            try await #expect(server.post("github_app_token", .resource("github_app_token", other), as: anna).status == 403)
            let change: JSONValue = .resource("github_app_token", id: id, ["token": "mine"])
            try await #expect(server.patch("github_app_token/\(id)", change, as: anna).status == 404)
            try await #expect(server.delete("github_app_token/\(id)", as: anna).status == 404)
            #expect(try await server.count("github_app_token") == 1)
        }
    }
}
