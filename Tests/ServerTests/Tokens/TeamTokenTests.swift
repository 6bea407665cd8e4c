import Foundation
import HTTPTypes
import JSONAPI
import TestSupport
import Testing

struct TeamTokenTests {
    @Test("the token of a team does what the team may do, and no more, until it is deleted", arguments: TestEngine.allCases)
    func life(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            _ = try await server.makeTeam("deployers", in: organization, role: "plan")
            let anna = try await server.makeUser("anna", groups: ["deployers", "others"])
            let token = TestServer.Caller.token(try await make(server, #"{"group":"deployers","description":"ci"}"#, as: anna))
            #expect(try await server.get("organization", as: token).ids == [organization])
            #expect(try await server.get("/access-token/v1/teams/current-teams", as: token).json["groups"] == ["deployers"])
            let workspace = try await server.makeWorkspace(in: organization)
            let job: JSONValue = .resource("job", ["tcl": .string(Flows.plan.base64)])
            let made = try await server.post("workspace/\(workspace)/job", job, as: token)
            #expect(made.status == 201)
            #expect(made.attributes["createdBy"] == "anna@example.com")
            #expect(try await server.send(.post, "/pat/v1", Data(#"{"days":1}"#.utf8), type: "application/json", as: token).status == 403)
            let item = try #require(try await server.get("/access-token/v1/teams", as: anna).json.array?.first)
            #expect(item["group"] == "deployers")
            #expect(item["description"] == "ci")
            let id = try #require(item["id"]?.string)
            #expect(try await server.delete("/access-token/v1/teams/\(id)", as: anna).status == 202)
            #expect(try await server.get("organization", as: token).status == 401)
        }
    }

    @Test("clients read the id of the row in the token, as the Terraform provider does")
    func claims() async throws {
        try await withServer(.sqlite) { server in
            let token = try await make(server, #"{"group":"ops","description":"","days":0,"hours":0,"minutes":5}"#)
            let payload = token.split(separator: ".")[1].replacing("-", with: "+").replacing("_", with: "/")
            let padded = payload + String(repeating: "=", count: (4 - payload.count % 4) % 4)
            let claims = try JSONValue(parsing: try #require(Data(base64Encoded: String(padded))))
            let list = try await server.get("/access-token/v1/teams")
            #expect(list.status == 202)
            #expect(claims["jti"] == list.json.array?.first?["id"])
            #expect(claims["groups"] == ["ops"])
            #expect(claims["iss"] == "Terrakube")
            #expect(list.text.contains(token) == false)
            server.clock.advance(seconds: 299)
            #expect(try await server.get("organization", as: .token(token)).status == 200)
            server.clock.advance(seconds: 2)
            #expect(try await server.get("organization", as: .token(token)).status == 401)
        }
    }

    @Test("nobody makes, sees or deletes tokens of groups that they are not in, but administrators", arguments: TestEngine.allCases)
    func ownership(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let anna = try await server.makeUser("anna", groups: ["a"])
            _ = try await make(server, #"{"group":"b"}"#)
            let body = Data(#"{"group":"b"}"#.utf8)
            #expect(try await server.send(.post, "/access-token/v1/teams", body, type: "application/json", as: anna).status == 403)
            #expect(try await server.get("/access-token/v1/teams", as: anna).json == [])
            let id = try #require(try await server.get("/access-token/v1/teams").json.array?.first?["id"]?.string)
            #expect(try await server.delete("/access-token/v1/teams/\(id)", as: anna).status == 404)
            #expect(try await server.delete("/access-token/v1/teams/\(id)").status == 202)
        }
    }

    @Test(
        "a body that makes no sense is refused",
        arguments: [
            #"{}"#, #"{"group":""}"#, #"{"group":"a","days":-1}"#, #"{"group":"a","minutes":99999999}"#, #"{"group":"a","days":"x"}"#,
        ]
    )
    func badInput(body: String) async throws {
        try await withServer(.sqlite) { server in
            let answer = try await server.send(.post, "/access-token/v1/teams", Data(body.utf8), type: "application/json")
            #expect(answer.status == 400)
            #expect(try await server.count("team_token") == 0)
        }
    }

    private func make(_ server: TestServer, _ body: String, as caller: TestServer.Caller = .administrator) async throws -> String {
        let answer = try await server.send(.post, "/access-token/v1/teams", Data(body.utf8), type: "application/json", as: caller)
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.json["token"]?.string)
    }
}
