import Foundation
import HTTPTypes
import Identity
import JSONAPI
import Server
import TestSupport
import Testing

struct UserAdministrationTests {
    @Test("an administrator makes an account, puts it in groups, and shuts it: all takes effect at once", arguments: TestEngine.allCases)
    func life(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            _ = try await server.makeTeam("ops", in: organization)
            let made = try await send(server, .post, "/user/v1", #"{"username":"anna","email":"anna@example.com"}"#)
            #expect(made.status == 201)
            let id = try #require(made.json["id"]?.string)
            let password = try #require(made.json["password"]?.string)
            #expect(password.count == 24)
            #expect(try await server.persistence.users.authenticate(username: "anna", password: password) != nil)
            #expect(try await server.get("/user/v1/\(id)").text.contains(password) == false)
            let account = try #require(try await server.persistence.users.find(username: "anna"))
            let token = TestServer.Caller.token(try await server.makeToken(for: account))
            #expect(try await server.get("organization", as: token).ids == [])
            let joined = try await send(server, .patch, "/user/v1/\(id)", #"{"groups":["ops"]}"#)
            #expect(joined.json["groups"] == ["ops"])
            #expect(try await server.get("organization", as: token).ids == [organization])
            #expect(try await send(server, .patch, "/user/v1/\(id)", #"{"password":"another one"}"#).status == 200)
            #expect(try await server.persistence.users.authenticate(username: "anna", password: password) == nil)
            #expect(try await server.persistence.users.authenticate(username: "anna", password: "another one") != nil)
            #expect(try await send(server, .patch, "/user/v1/\(id)", #"{"disabled":true}"#).status == 200)
            #expect(try await server.persistence.users.authenticate(username: "anna", password: "another one") == nil)
            #expect(try await server.get("organization", as: token).status == 401)
        }
    }

    @Test("accounts are nobody's business but administrators'", arguments: TestEngine.allCases)
    func refusals(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let anna = try await server.makeUser("anna", groups: ["ops"])
            #expect(try await server.get("/user/v1", as: anna).status == 403)
            #expect(try await server.get("/user/v1", as: .nobody).status == 401)
            let body = #"{"username":"eve","email":"eve@example.com","groups":["TERRAKUBE_ADMIN"]}"#
            #expect(try await send(server, .post, "/user/v1", body, as: anna).status == 403)
            let own = try #require(try await server.persistence.users.find(username: "admin")).id
            #expect(try await send(server, .patch, "/user/v1/\(own)", #"{"disabled":true}"#).status == 409)
            #expect(try await send(server, .patch, "/user/v1/no-such", #"{"disabled":true}"#).status == 404)
            #expect(try await server.count("local_user") == 2)
        }
    }

    @Test(
        "an account needs a name, an address and a password that can be",
        arguments: [
            #"{"username":"","email":"a@example.com"}"#, #"{"username":"a b","email":"a@example.com"}"#,
            #"{"username":"a","email":"nowhere"}"#, #"{"username":"a","email":"a@example.com","password":"short"}"#,
            #"{"username":"a","email":"a@example.com","groups":[""]}"#, #"{"email":"a@example.com"}"#,
        ]
    )
    func badInput(body: String) async throws {
        try await withServer(.sqlite) { server in
            try await #expect(send(server, .post, "/user/v1", body).status == 400)
            #expect(try await server.count("local_user") == 1)
        }
    }

    @Test("a username is taken once", arguments: TestEngine.allCases)
    func duplicates(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            try await #expect(send(server, .post, "/user/v1", #"{"username":"admin","email":"b@example.com"}"#).status == 409)
        }
    }

    private func send(
        _ server: TestServer,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String,
        as caller: TestServer.Caller = .administrator
    ) async throws -> Answer {
        try await server.send(method, path, Data(body.utf8), type: "application/json", as: caller)
    }
}
