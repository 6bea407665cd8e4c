import Foundation
import HTTPTypes
import JSONAPI
import TestSupport
import Testing

/// The paths of types that can be asked for without naming their organization: Terrakube shows and changes everybody's
/// rows there.
struct RootPermissionTests {
    private static let types = ["implementation", "webhook", "webhook_event", "notification_configuration", "notification_trigger"]

    @Test("a root path leads to nobody else's rows", arguments: TestEngine.allCases)
    func strangers(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            let own = try await Estate(server, name: "own")
            _ = try await server.makeTeam("strangers", in: own.organization, role: "admin")
            let stranger = try await server.makeUser("stranger", groups: ["strangers"])
            for type in Self.types {
                let id = try #require(estate.paths[type]?.split(separator: "/").last).description
                let mine = try #require(own.paths[type]?.split(separator: "/").last).description
                #expect(try await server.get(type, as: stranger).ids == [mine], "\(type)")
                #expect(try await server.get("\(type)/\(mine)", as: stranger).status == 200, "\(type)")
                #expect(try await server.get("\(type)/\(id)", as: stranger).status == 404, "\(type)")
                try await #expect(server.patch("\(type)/\(id)", .resource(type, id: id), as: stranger).status == 404, "\(type)")
                try await #expect(server.delete("\(type)/\(id)", as: stranger).status == 404, "\(type)")
                #expect(try await server.get("\(type)/\(id)").status == 200, "\(type)")
            }
        }
    }

    @Test(
        "a workspace that moves to another organization leaves its webhook behind, and takes its notifications along",
        arguments: TestEngine.allCases
    )
    func moves(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            let other = try await server.makeOrganization("other")
            let workspace = try await server.makeWorkspace("moving", in: estate.organization)
            let template = try await server.template("Plan", in: estate.organization)
            let webhook = UUID().uuidString
            try await #require(server.post("workspace/\(workspace)/webhook", .resource("webhook", id: webhook)).status == 201)
            let event: JSONValue = .resource("webhook_event", id: UUID().uuidString, Operation.event(template))
            try await #require(server.post("webhook/\(webhook)/events", event).status == 201)
            let list = "workspace/\(workspace)/notificationConfiguration"
            _ = try await server.make("notification_configuration", at: list, Operation.notification)
            let before = try await (server.count("webhook"), server.count("webhook_event"), server.count("notification_configuration"))
            try await #expect(server.send(.post, "/migrate/v1/workspace/\(workspace)/moveTo/\(other)").status == 200)
            let after = try await (server.count("webhook"), server.count("webhook_event"), server.count("notification_configuration"))
            #expect(after == (before.0 - 1, before.1 - 1, before.2))
            #expect(try await server.get("workspace/\(workspace)/webhook").data == .null)
        }
    }

    @Test("a disabled organization takes its registry, webhooks and notifications with it", arguments: TestEngine.allCases)
    func disabled(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            let organization = "organization/\(estate.organization)"
            let deletion: JSONValue = .resource("organization", id: estate.organization, ["disabled": true])
            try await #expect(server.patch(organization, deletion).status == 204)
            for type in Self.types {
                let id = try #require(estate.paths[type]?.split(separator: "/").last)
                #expect(try await server.get(type).ids == [], "\(type)")
                #expect(try await server.get("\(type)/\(id)").status == 404, "\(type)")
            }
        }
    }
}
