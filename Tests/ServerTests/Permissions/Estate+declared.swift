import Foundation
import JSONAPI
import Testing

extension Estate {
    /// Where the resources of the registry, the webhook and the notifications of the estate are, by type.
    static func declared(_ server: TestServer, _ organization: String, _ workspace: String) async throws -> [String: String] {
        let root = "organization/\(organization)"
        let own = "\(root)/workspace/\(workspace)"
        var paths: [String: String] = [:]
        func make(_ type: String, at list: String, id: String? = nil, _ attributes: [String: JSONValue]) async throws {
            let made = try await server.post(list, .resource(type, id: id, attributes))
            try #require(made.status == 201, "\(made.text)")
            paths[type] = "\(list)/\(try #require(made.id))"
        }
        func path(_ type: String) throws -> String { try #require(paths[type]) }

        try await make("module", at: "\(root)/module", ["name": "network", "provider": "aws", "source": "https://example.com/n.git"])
        try await make("module_version", at: "\(path("module"))/version", ["version": "1.0.0", "commit": "c0ffee"])
        try await make("provider", at: "\(root)/provider", ["name": "demo"])
        try await make("version", at: "\(path("provider"))/version", ["versionNumber": "1.0.0", "protocols": "5.0"])
        try await make("implementation", at: "\(path("version"))/implementation", ProviderTests.build("linux", "amd64"))
        try await make("webhook", at: "\(own)/webhook", id: UUID().uuidString, [:])
        let template = try await server.template("Plan", in: organization)
        try await make("webhook_event", at: "\(path("webhook"))/events", id: UUID().uuidString, Operation.event(template))
        try await make("notification_configuration", at: "\(own)/notificationConfiguration", Operation.notification)
        try await make("notification_trigger", at: "\(path("notification_configuration"))/triggers", ["jobStatus": "failed"])
        return paths
    }
}
