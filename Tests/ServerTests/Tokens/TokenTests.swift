import Database
import Foundation
import HTTPTypes
import JSONAPI
import TestSupport
import Testing

struct TokenTests {
    @Test("a personal token works at once, with and without an end", arguments: TestEngine.allCases, [0, 1, 30])
    func creation(engine: TestEngine, days: Int) async throws {
        try await withServer(engine) { server in
            let body = Data("{\"days\":\(days),\"description\":\"laptop\"}".utf8)
            let made = try await server.send(.post, "/pat/v1", body, type: "application/json")
            #expect(made.status == 201)
            let token = try #require(made.json["token"]?.string)
            #expect(try await server.get("organization", as: .token(token)).status == 200)
            let list = try await server.get("/pat/v1", as: .token(token))
            #expect(list.status == 202)
            let item = try #require(list.json.array?.first { $0["description"] == "laptop" })
            #expect(item["days"] == .integer(Int64(days)))
            #expect(item["deleted"] == false)
            #expect(item["createdBy"] == "admin@example.com")
            #expect(item["createdDate"]?.string?.hasPrefix("2026-02-02T02:40:00.") == true)
            #expect(item["createdDate"]?.string?.hasSuffix("+00:00") == true)
            #expect(list.text.contains(token) == false)
        }
    }

    @Test("a deleted token ends at once", arguments: TestEngine.allCases)
    func deletion(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let anna = try await server.makeAccount("anna")
            let token = TestServer.Caller.token(try await server.makeToken(for: anna))
            let id = try #require(try await server.get("/pat/v1", as: token).json.array?.first?["id"]?.string)
            #expect(try await server.delete("/pat/v1/\(id)", as: token).status == 202)
            let refused = try await server.get("organization", as: token)
            #expect(refused.status == 401)
            #expect(refused.headers[.wwwAuthenticate] == "Bearer realm=\"terrakube\"")
            #expect(refused.json["errors"]?.array?.count == 1)
            #expect(try await server.delete("/pat/v1/\(id)").status == 404)
        }
    }

    @Test("an expired token is refused, and one that has not expired is taken", arguments: TestEngine.allCases)
    func expiry(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let anna = try await server.makeAccount("anna")
            let token = TestServer.Caller.token(try await server.makeToken(for: anna, days: 1))
            server.clock.advance(seconds: 86_400 - 10)
            #expect(try await server.get("organization", as: token).status == 200)
            server.clock.advance(seconds: 11)
            #expect(try await server.get("organization", as: token).status == 401)
            #expect(try await server.get("organization").status == 200)
        }
    }

    @Test("the tokens of others cannot be seen or deleted, but by administrators", arguments: TestEngine.allCases)
    func ownership(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let anna = try await server.makeUser("anna")
            let bert = try await server.makeUser("bert")
            let id = try #require(try await server.get("/pat/v1", as: anna).json.array?.first?["id"]?.string)
            #expect(try await server.get("/pat/v1", as: bert).json.array?.contains { $0["id"]?.string == id } == false)
            #expect(try await server.delete("/pat/v1/\(id)", as: bert).status == 404)
            #expect(try await server.get("organization", as: anna).status == 200)
            #expect(try await server.delete("/pat/v1/\(id)").status == 202)
            #expect(try await server.get("organization", as: anna).status == 401)
        }
    }

    @Test("the token of a disabled account is refused", arguments: TestEngine.allCases)
    func disabledAccount(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let anna = try await server.makeUser("anna")
            #expect(try await server.get("organization", as: anna).status == 200)
            try await server.database.write { try $0.execute("UPDATE local_user SET disabled = TRUE WHERE username = 'anna'") }
            #expect(try await server.get("organization", as: anna).status == 401)
        }
    }

    @Test("a token is also taken as a basic password, as Terraform sends it", arguments: TestEngine.allCases)
    func basic(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let token = try await server.makeToken(for: try await server.makeAccount("anna"))
            func status(_ authorization: String) async throws -> Int {
                try await server.send(.get, "organization", headers: [.authorization: authorization], as: .nobody).status
            }
            #expect(try await status("Basic \("job:\(token)".base64)") == 200)
            #expect(try await status("bearer \(token)") == 200)
            for odd in [token, "Basic \(token)", "Basic !!!", "Basic", "Bearer", "Bearer ", "Token \(token)", "Basic \("job:".base64)"] {
                #expect(try await status(odd) == 401, "\(odd.prefix(12))")
            }
        }
    }

    @Test("neither a token nor what signs it is kept in clear", arguments: TestEngine.allCases)
    func storage(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let token = try await server.makeToken(for: try await server.makeAccount("anna"))
            #expect(try await server.get("organization", as: .token(token)).status == 200)
            try await server.expectNowhereOnDisk(token)
            let signature = try #require(token.split(separator: ".").last)
            try await server.expectNowhereOnDisk(String(signature))
            let key = server.dataDirectory.appending(path: "secret-key").path(percentEncoded: false)
            #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test(
        "what no token can be is refused with the attribute",
        arguments: TestEngine.allCases,
        [
            ("{\"days\":-1}", 400), ("{\"days\":36501}", 400), ("{\"days\":\"1\"}", 400), ("{\"days\":1.5}", 400),
            ("{\"description\":5}", 400),
            ("[]", 400), ("", 400), ("{", 400), ("{\"days\":99999999999999999999}", 400),
            ("{\"description\":\"\(String(repeating: "x", count: 65))\"}", 400), ("{\"description\":\"a\\u0000b\"}", 400), ("{}", 201),
        ]
    )
    func badInput(engine: TestEngine, input: (body: String, status: Int)) async throws {
        try await withServer(engine) { server in
            let before = try await server.count("pat")
            let answer = try await server.send(.post, "/pat/v1", Data(input.body.utf8), type: "application/json")
            #expect(answer.status == input.status, "\(input.body)")
            #expect(try await server.count("pat") == before + (input.status == 201 ? 1 : 0))
        }
    }
}
