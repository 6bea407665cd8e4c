import Foundation
import HTTPTypes
import JSONAPI
import TestSupport
import Testing

/// `POST /api/v1/operations` through the real router, with the bodies that shipped clients send.
struct OperationTests {
    static let mediaType = "application/vnd.api+json;ext=\"https://jsonapi.org/ext/atomic\""

    @Test("Terrakube's UI creates a workspace and changes its settings", arguments: TestEngine.allCases)
    func workspace(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let ssh = try await server.make("ssh", at: "organization/\(organization)/ssh", Credentials.ssh)
            let created = try await server.operate([
                [
                    "op": "add", "href": .string("/organization/\(organization)/workspace"),
                    "data": [
                        "type": "workspace", "lid": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                        "attributes": [
                            "name": "network", "source": "https://git.example.com/network.git", "branch": "main", "folder": "/",
                            "terraformVersion": "1.11.4", "iacType": "terraform", "executionMode": "remote",
                        ],
                        "relationships": ["ssh": .link("ssh", ssh)],
                    ],
                ]
            ])
            #expect(created.status == 200, "\(created.text)")
            #expect(created.headers[.contentType] == Self.mediaType)
            let resource = created.json["atomic:results"]?.array?.first?["data"]
            let workspace = try #require(resource?["id"]?.string)
            #expect(resource?["relationships"]?["ssh"]?["data"]?["id"] == .string(ssh))

            let settings = try await server.operate([
                [
                    "op": "update", "href": .string("/organization/\(organization)/workspace/\(workspace)"),
                    "data": [
                        "type": "workspace", "id": .string(workspace),
                        "attributes": ["description": "new", "globalRemoteState": "false"],
                    ],
                ]
            ])
            #expect(settings.status == 200)
            #expect(settings.text == #"{"atomic:results":[{"data":null}]}"#)
            let attributes = try await server.get("workspace/\(workspace)").attributes
            #expect(attributes["description"] == "new")
            #expect(attributes["globalRemoteState"] == false)
        }
    }

    @Test("what hangs below a new resource is created with it, by plain JSON as the Go client sends it", arguments: TestEngine.allCases)
    func nested(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let answer = try await server.operate(
                [
                    [
                        "op": "add", "href": .string("api/v1/organization/\(organization)/workspace"),
                        "data": [
                            "type": "workspace", "lid": "w",
                            "attributes": [
                                "name": "network", "source": "https://git.example.com/network.git", "branch": "main",
                                "terraformVersion": "1.11.4",
                            ],
                        ],
                    ],
                    [
                        "op": "add", "href": "/workspace/w/variable",
                        "data": ["type": "variable", "attributes": ["key": "region", "value": "eu", "category": "TERRAFORM"]],
                        "relationships": ["workspace": ["data": ["type": "workspace", "lid": "w"]]],
                    ],
                    [
                        "op": "add", "href": "/workspace/w/job",
                        "data": ["type": "job", "attributes": ["tcl": .string(Flows.plan.base64)]],
                    ],
                ],
                type: "application/json"
            )
            #expect(answer.status == 200, "\(answer.text)")
            let workspace = try #require(answer.json["atomic:results"]?.array?.first?["data"]?["id"]?.string)
            #expect(try await server.get("workspace/\(workspace)/variable").values("key") == ["region"])
            try await server.schedule(workspace)
            #expect(try await server.get("workspace/\(workspace)/job").values("status") == ["queue"])
        }
    }

    @Test("one refused operation undoes them all", arguments: TestEngine.allCases)
    func rollback(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let tag: JSONValue = [
                "op": "add", "href": .string("/organization/\(organization)/tag"), "data": ["type": "tag", "attributes": ["name": "new"]],
            ]
            let taken: JSONValue = [
                "op": "update", "href": .string("/organization/\(organization)/workspace/\(workspace)"),
                "data": ["type": "workspace", "attributes": ["executionMode": "elsewhere"]],
            ]
            let invalid = try await server.operate([tag, taken])
            #expect(invalid.status == 400)
            #expect(invalid.json.array?.count == 2)
            let again = try await server.operate([
                tag, ["op": "add", "href": "/organization", "data": ["type": "organization", "attributes": ["name": "acme"]]],
            ])
            #expect(again.status == 409)
            #expect(again.pointer == "/atomic:operations/1/data/attributes/name")
            #expect(try await server.count("tag") == 0)
        }
    }

    @Test("operations give nobody more than single requests do", arguments: TestEngine.allCases)
    func permissions(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let rename: [JSONValue] = [
                [
                    "op": "update", "ref": ["type": "workspace", "id": .string(workspace)],
                    "data": ["type": "workspace", "attributes": ["name": "mine"]],
                ]
            ]
            let stranger = try await server.makeUser("stranger")
            let hidden = try await server.operate(rename, as: stranger)
            #expect(hidden.status == 400)
            let error = hidden.json.array?.first?["errors"]?.array?.first
            #expect(error?["status"] == "404", "what may not be read is not there")
            _ = try await server.makeTeam("readers", in: organization)
            let reader = try await server.makeUser("reader", groups: ["readers"])
            #expect(try await server.operate(rename, as: reader).status == 403)
            #expect(try await server.operate(rename, as: .nobody).status == 401)
            #expect(try await server.operate(rename).status == 200)
        }
    }
}

extension TestServer {
    func operate(
        _ operations: [JSONValue],
        type: String = OperationTests.mediaType,
        as caller: Caller = .administrator
    ) async throws -> Answer {
        let body = JSONValue.object(["atomic:operations": .array(operations)]).serialised()
        return try await send(.post, "operations", body, type: type, headers: [.accept: type], as: caller)
    }
}
