import Foundation
import Identity
import JSONAPI
import Testing

extension Operation {
    /// Reading and writing the types of the registry, of webhooks and of notifications.
    static let declared: [Operation] =
        kinds.map { kind in
            Operation("read \(kind.type)", kind.reader, in: kind.readPlace ?? kind.place) { server, estate, caller, _ in
                try await server.get(try #require(estate.paths[kind.type]), as: caller).status
            }
        } + kinds.flatMap(writing)

    static func event(_ template: String) -> [String: JSONValue] {
        ["event": "PUSH", "branch": "main", "path": ".*", "templateId": .string(template)]
    }

    static let notification: [String: JSONValue] = [
        "name": "ops", "channelType": "SLACK", "destinationUrl": "https://hooks.example.com/x",
    ]

    private struct Kind: Sendable {
        let type: String
        let permission: Permission
        let place: Place
        /// Where the estate has its own, if not there.
        var readPlace: Place?
        var reader = Requirement.member
        /// Where a new one goes; makes what it needs there, under a name of its own.
        let list: @Sendable (_ server: TestServer, _ estate: Estate, _ unique: String) async throws -> String
        let attributes: @Sendable (_ server: TestServer, _ estate: Estate, _ unique: String) async throws -> [String: JSONValue]
        let change: @Sendable (_ unique: String) -> [String: JSONValue]
        var isNamedByClient = false

        func document(_ server: TestServer, _ estate: Estate, _ unique: String) async throws -> JSONValue {
            .resource(type, id: isNamedByClient ? UUID().uuidString : nil, try await attributes(server, estate, unique))
        }

        /// The path of a new one that an administrator has made.
        func make(_ server: TestServer, _ estate: Estate, _ unique: String) async throws -> String {
            let list = try await list(server, estate, unique)
            let made = try await server.post(list, try await document(server, estate, unique))
            try #require(made.status == 201, "\(made.text)")
            return "\(list)/\(try #require(made.id))"
        }
    }

    private static func writing(_ kind: Kind) -> [Operation] {
        [
            Operation("create \(kind.type)", .permission([kind.permission]), in: kind.place) { server, estate, caller, number in
                let list = try await kind.list(server, estate, "create-\(number)")
                return try await server.post(list, try await kind.document(server, estate, "create-\(number)"), as: caller).status
            },
            Operation("update \(kind.type)", .permission([kind.permission]), in: kind.place) { server, estate, caller, number in
                let path = try await kind.make(server, estate, "update-\(number)")
                let id = try #require(path.split(separator: "/").last)
                let change: JSONValue = .resource(kind.type, id: String(id), kind.change("updated-\(number)"))
                return try await server.patch(path, change, as: caller).status
            },
            Operation("delete \(kind.type)", .permission([kind.permission]), in: kind.place) { server, estate, caller, number in
                try await server.delete(try await kind.make(server, estate, "delete-\(number)"), as: caller).status
            },
        ]
    }

    private static let kinds = [
        Kind(
            type: "module",
            permission: .manageModule,
            place: .organization,
            list: { _, estate, _ in "organization/\(estate.organization)/module" },
            attributes: { _, _, unique in ["name": .string(unique), "provider": "aws", "source": "https://example.com/x.git"] },
            change: { ["name": .string($0)] }
        ),
        Kind(
            type: "module_version",
            permission: .manageModule,
            place: .organization,
            list: { _, estate, _ in "\(try #require(estate.paths["module"]))/version" },
            attributes: { _, _, unique in ["version": .string("0.0.0-\(unique)"), "commit": "c0ffee"] },
            change: { ["version": .string("0.0.0-\($0)")] }
        ),
        Kind(
            type: "provider",
            permission: .manageProvider,
            place: .organization,
            reader: .teamMember,
            list: { _, estate, _ in "organization/\(estate.organization)/provider" },
            attributes: { _, _, unique in ["name": .string(unique)] },
            change: { ["name": .string($0)] }
        ),
        Kind(
            type: "version",
            permission: .manageProvider,
            place: .organization,
            reader: .teamMember,
            list: { _, estate, _ in "\(try #require(estate.paths["provider"]))/version" },
            attributes: { _, _, unique in ["versionNumber": .string("0.0.0-\(unique)"), "protocols": "5.0"] },
            change: { ["versionNumber": .string("0.0.0-\($0)")] }
        ),
        Kind(
            type: "implementation",
            permission: .manageProvider,
            place: .organization,
            reader: .teamMember,
            list: { _, estate, _ in "\(try #require(estate.paths["version"]))/implementation" },
            attributes: { _, _, unique in ProviderTests.build(unique, "amd64") },
            change: { ["os": .string($0)] }
        ),
        Kind(
            type: "webhook",
            permission: .manageWorkspace,
            place: .project,
            readPlace: .workspace,
            list: { server, estate, unique in
                let project = estate.isInProject ? estate.project : nil
                return "workspace/\(try await server.makeWorkspace("webhook-\(unique)", in: estate.organization, project: project))/webhook"
            },
            attributes: { _, _, _ in [:] },
            change: { ["remoteHookId": .string($0)] },
            isNamedByClient: true
        ),
        Kind(
            type: "webhook_event",
            permission: .manageWorkspace,
            place: .workspace,
            list: { _, estate, _ in "\(try #require(estate.paths["webhook"]))/events" },
            attributes: { _, estate, _ in event(String(try #require(estate.paths["template"]?.split(separator: "/").last))) },
            change: { ["branch": .string($0)] },
            isNamedByClient: true
        ),
        Kind(
            type: "notification_configuration",
            permission: .manageWorkspace,
            place: .organization,
            readPlace: .workspace,
            list: { _, estate, _ in "organization/\(estate.organization)/notificationConfiguration" },
            attributes: { _, _, _ in notification },
            change: { ["name": .string($0)] }
        ),
        Kind(
            type: "notification_trigger",
            permission: .manageWorkspace,
            place: .workspace,
            list: { server, estate, _ in
                let list = "workspace/\(estate.workspace)/notificationConfiguration"
                return "\(list)/\(try await server.make("notification_configuration", at: list, notification))/triggers"
            },
            attributes: { _, _, _ in ["jobStatus": "failed"] },
            change: { _ in ["jobStatus": "completed"] }
        ),
    ]
}
