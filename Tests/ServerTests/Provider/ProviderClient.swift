import HTTPTypes
import JSONAPI
import Testing

/// Sends requests as the Terraform provider does: documents as the Go package google/jsonapi writes them, a content type
/// on every GET and no Accept at all.
struct ProviderClient: Sendable {
    let server: TestServer

    /// What google/jsonapi makes of an object: every attribute, empty ones too, and the objects of relationships once
    /// more in `included`, where all that the provider did not fill in is empty.
    static func document(_ type: String, id: String? = nil, _ body: ProviderBody) -> JSONValue {
        var data: [String: JSONValue] = ["type": .string(type), "attributes": .object(body.attributes)]
        if let id { data["id"] = .string(id) }
        guard body.relationships.isEmpty == false else { return ["data": .object(data)] }
        data["relationships"] = .object(body.relationships.mapValues { .link($0.type, $0.id) })
        let included = body.relationships.sorted { $0.key < $1.key }.map { _, target -> JSONValue in
            ["type": .string(target.type), "id": .string(target.id), "attributes": .object(emptyObjects[target.type] ?? [:])]
        }
        // Twice: an object that two relationships lead to may be repeated.
        return ["data": .object(data), "included": .array(included + included)]
    }

    func get(_ path: String) async throws -> Answer {
        try await server.send(.get, path, headers: [.contentType: "application/vnd.api+json"])
    }

    func post(_ path: String, _ document: JSONValue) async throws -> Answer {
        try await server.post(path, document)
    }

    func patch(_ path: String, _ document: JSONValue) async throws -> Answer {
        try await server.patch(path, document)
    }

    func delete(_ path: String) async throws -> Answer {
        try await server.delete(path)
    }

    /// One atomic operation.
    func operate(_ operation: JSONValue) async throws -> Answer {
        try await server.operate([operation])
    }

    private static let emptyObjects: [String: [String: JSONValue]] = [
        "vcs": [
            "name": "", "description": "", "vcsType": "", "connectionType": "", "clientId": "", "clientSecret": "", "privateKey": "",
            "endpoint": "", "apiUrl": "", "status": "",
        ],
        "ssh": ["name": "", "description": nil, "privateKey": "", "sshType": ""],
    ]
}

/// What one request of the provider says about a resource.
struct ProviderBody: Sendable {
    var attributes: [String: JSONValue]
    var relationships: [String: (type: String, id: String)] = [:]

    init(_ attributes: [String: JSONValue], _ relationships: [String: (type: String, id: String)] = [:]) {
        self.attributes = attributes
        self.relationships = relationships
    }

    func with(_ changes: [String: JSONValue]) -> ProviderBody {
        ProviderBody(attributes.merging(changes) { _, new in new }, relationships)
    }
}
