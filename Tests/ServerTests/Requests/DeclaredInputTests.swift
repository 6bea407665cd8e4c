import Foundation
import JSONAPI
import TestSupport
import Testing

/// What clients may send about the types of the registry, webhooks, actions, federation and notifications: like
/// `BadInputTests`, by the name of the attribute that is wrong, and nothing half-written.
struct DeclaredInputTests {
    private struct Kind {
        let type: String
        let list: String
        let good: [String: JSONValue]
        /// The longest that each attribute may be, in characters; those that have a form of their own are left out.
        let limits: [String: Int]
        let required: [String]
        var isNamedByClient = false

        func document(_ changes: [String: JSONValue] = [:], without missing: String? = nil) -> JSONValue {
            let attributes = good.merging(changes) { _, new in new }.filter { $0.key != missing }
            return .resource(type, id: isNamedByClient ? UUID().uuidString : nil, attributes)
        }
    }

    private static func kinds(_ server: TestServer, _ estate: Estate) async throws -> [Kind] {
        let root = "organization/\(estate.organization)"
        func path(_ type: String) throws -> String { try #require(estate.paths[type]) }
        let issuer: [String: JSONValue] = ["name": "ci", "issuerUrl": "https://ci.example.com", "audience": "estate"]
        let federated = try await server.make("federated", at: "federated", issuer)
        let template = try await server.template("Plan", in: estate.organization)
        return [
            Kind(
                type: "module",
                list: "\(root)/module",
                good: ["name": "new", "provider": "aws", "source": "https://example.com/x.git"],
                limits: ["name": 256, "description": 256, "source": 1024, "tagPrefix": 256, "folder": 256],
                required: ["name", "provider", "source"]
            ),
            Kind(
                type: "module_version",
                list: "\(try path("module"))/version",
                good: ["version": "9.0.0", "commit": "c0ffee"],
                limits: ["commit": 256, "gitTag": 256],
                required: ["version", "commit"]
            ),
            Kind(
                type: "provider",
                list: "\(root)/provider",
                good: ["name": "new"],
                limits: ["name": 32, "description": 256, "registryNamespace": 64],
                required: ["name"]
            ),
            Kind(
                type: "version",
                list: "\(try path("provider"))/version",
                good: ["versionNumber": "9.0.0", "protocols": "5.0"],
                limits: [:],
                required: ["versionNumber", "protocols"]
            ),
            Kind(
                type: "implementation",
                list: "\(try path("version"))/implementation",
                good: ProviderTests.build("plan9", "386"),
                limits: [
                    "os": 32, "arch": 32, "filename": 512, "downloadUrl": 1024, "shasumsUrl": 1024, "shasumsSignatureUrl": 1024,
                    "shasum": 1024, "keyId": 32, "source": 64, "sourceUrl": 512,
                ],
                required: [
                    "os", "arch", "filename", "downloadUrl", "shasumsUrl", "shasumsSignatureUrl", "shasum", "keyId", "trustSignature",
                    "source", "sourceUrl",
                ]
            ),
            Kind(
                type: "webhook_event",
                list: "\(try path("webhook"))/events",
                good: Operation.event(template),
                limits: ["branch": 512, "path": 512],
                required: ["event", "branch", "path", "templateId"],
                isNamedByClient: true
            ),
            Kind(
                type: "action",
                list: "action",
                good: [
                    "type": "Workspace/Action", "action": "{}", "displayCriteria": "[]", "name": "n", "label": "l", "category": "c",
                    "version": "1",
                ],
                limits: ["name": 100, "label": 100, "category": 100, "description": 1024, "version": 32],
                required: ["type", "action", "displayCriteria", "name", "label", "category", "version"],
                isNamedByClient: true
            ),
            Kind(
                type: "federated",
                list: "federated",
                good: issuer.merging(["audience": "new"]) { _, new in new },
                limits: ["name": 256, "audience": 256],
                required: ["name", "issuerUrl", "audience"]
            ),
            Kind(
                type: "federated_claim",
                list: "federated/\(federated)/claims",
                good: ["claimKey": "k", "claimValue": "v"],
                limits: ["claimKey": 256, "claimValue": 1024],
                required: ["claimKey", "claimValue"]
            ),
            Kind(
                type: "github_app_token",
                list: "github_app_token",
                good: ["owner": "acme", "appId": "1", "installationId": "2", "token": "t"],
                limits: ["owner": 256, "appId": 64, "installationId": 64, "token": 4096],
                required: ["owner", "appId", "installationId"]
            ),
            Kind(
                type: "notification_configuration",
                list: "\(root)/notificationConfiguration",
                good: Operation.notification,
                limits: ["name": 255, "description": 65_536, "signingSecret": 255],
                required: ["name", "channelType", "destinationUrl"]
            ),
            Kind(
                type: "notification_trigger",
                list: "\(try path("notification_configuration"))/triggers",
                good: ["jobStatus": "completed"],
                limits: [:],
                required: ["jobStatus"]
            ),
        ]
    }

    @Test("an attribute that is missing, too long, of another type or unknown is refused by its name", arguments: TestEngine.allCases)
    func attributes(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            for kind in try await Self.kinds(server, estate) {
                let before = try await server.count(kind.type)
                func expect(_ document: JSONValue, _ attribute: String, _ status: Int, _ reason: String) async throws {
                    let answer = try await server.post(kind.list, document)
                    #expect(answer.status == status, "\(kind.type).\(attribute) \(reason): \(answer.text)")
                    #expect(answer.pointer == "/data/attributes/\(attribute)", "\(kind.type).\(attribute) \(reason)")
                }
                for name in kind.required {
                    try await expect(kind.document(without: name), name, 400, "missing")
                    try await expect(kind.document([name: nil]), name, 400, "null")
                    try await expect(kind.document([name: 5]), name, 400, "of another type")
                    try await expect(kind.document([name: "a\u{0}b"]), name, 400, "with NUL")
                }
                for (name, limit) in kind.limits {
                    try await expect(kind.document([name: .string(String(repeating: "ä", count: limit + 1))]), name, 400, "too long")
                }
                try await expect(kind.document(["colour": "red"]), "colour", 404, "unknown")
                #expect(try await server.count(kind.type) == before, "\(kind.type)")
                let longest = kind.limits.mapValues { JSONValue.string(String(repeating: "ä", count: $0)) }
                let made = try await server.post(kind.list, kind.document(longest))
                #expect(made.status == 201, "\(kind.type): \(made.text)")
                try await #expect(server.post(kind.list, .resource("nonsense", kind.good)).status == 409)
                let missing = "\(kind.list)/\(UUID().uuidString.lowercased())"
                #expect(try await server.get(missing).status == 404, "\(kind.type)")
                #expect(try await server.delete(missing).status == 404, "\(kind.type)")
            }
        }
    }
}
