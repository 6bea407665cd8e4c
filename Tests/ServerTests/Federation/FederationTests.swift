import JSONAPI
import TestSupport
import Testing

struct FederationTests {
    private static let github: [String: JSONValue] = [
        "name": "deployers", "issuerUrl": "https://token.actions.githubusercontent.com", "audience": "terrakube",
    ]

    @Test("an issuer and audience count for one group", arguments: TestEngine.allCases)
    func duplicates(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let first = try await server.make("federated", at: "federated", Self.github)
            let other = try await server.make("federated", at: "federated", Self.github.merging(["audience": "other"]) { _, new in new })
            let again = try await server.post("federated", .resource("federated", Self.github.merging(["name": "x"]) { _, new in new }))
            #expect(again.status == 409)
            #expect(again.pointer == "/data/attributes/audience")
            let change: JSONValue = .resource("federated", id: other, ["audience": "terrakube"])
            try await #expect(server.patch("federated/\(other)", change).status == 409)
            #expect(
                try await server.get("federated?filter[federated]=issuerUrl=='https://token.actions.githubusercontent.com'").ids.count == 2
            )
            #expect(try await server.get("federated?filter[federated]=name==deployers;audience==terrakube").ids == [first])
        }
    }

    @Test("an issuer is an https URL, as OpenID Connect has it", arguments: TestEngine.allCases)
    func issuers(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            for issuer in [
                "", "token.example.com", "http://token.example.com", "https://user:pw@token.example.com", "https://token.example.com?x=1",
                "https://token.example.com/#x", "https://", "javascript:alert(1)",
            ] {
                let wrong = Self.github.merging(["issuerUrl": .string(issuer)]) { _, new in new }
                let refused = try await server.post("federated", .resource("federated", wrong))
                #expect(refused.status == 400, "\(issuer)")
                #expect(refused.pointer == "/data/attributes/issuerUrl")
            }
            for blank in ["name", "audience"] {
                let wrong = Self.github.merging([blank: " "]) { _, new in new }
                #expect(try await server.post("federated", .resource("federated", wrong)).pointer == "/data/attributes/\(blank)")
            }
            #expect(try await server.count("federated") == 0)
        }
    }

    @Test("the claims of a credential are each there once, and go with it", arguments: TestEngine.allCases)
    func claims(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let credential = try await server.make("federated", at: "federated", Self.github)
            let list = "federated/\(credential)/claims"
            let claim: [String: JSONValue] = ["claimKey": "repository", "claimValue": "acme/network"]
            let id = try await server.make("federated_claim", at: list, claim)
            try await #expect(server.post(list, .resource("federated_claim", claim)).status == 409)
            let blank: JSONValue = .resource("federated_claim", ["claimKey": "", "claimValue": "x"])
            try await #expect(server.post(list, blank).status == 400)
            let shown = try await server.get("federated/\(credential)?include=claims")
            #expect(shown.json["included"]?.array?.compactMap { $0["id"]?.string } == [id])
            try await #expect(server.delete("federated/\(credential)").status == 204)
            #expect(try await server.count("federated_claim") == 0)
        }
    }

    @Test("only administrators know who is let in", arguments: TestEngine.allCases)
    func administratorsOnly(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            _ = try await server.makeTeam("platform", in: organization, role: "admin")
            let anna = try await server.makeUser("anna", groups: ["platform"])
            let credential = try await server.make("federated", at: "federated", Self.github)
            let claim = try await server.make(
                "federated_claim",
                at: "federated/\(credential)/claims",
                ["claimKey": "k", "claimValue": "v"]
            )
            #expect(try await server.get("federated", as: anna).ids == [])
            for path in ["federated/\(credential)", "federated/\(credential)/claims", "federated/\(credential)/claims/\(claim)"] {
                #expect(try await server.get(path, as: anna).status == 404, "\(path)")
                #expect(try await server.delete("federated/\(credential)/claims/\(claim)", as: anna).status == 404)
            }
            let mine = Self.github.merging(["name": "TERRAKUBE_ADMIN", "audience": "mine"]) { _, new in new }
            try await #expect(server.post("federated", .resource("federated", mine), as: anna).status == 403)
            let rename: JSONValue = .resource("federated", id: credential, ["name": "TERRAKUBE_ADMIN"])
            try await #expect(server.patch("federated/\(credential)", rename, as: anna).status == 404)
            #expect(try await server.get("federated/\(credential)").attributes["name"] == "deployers")
        }
    }
}
