import Foundation
import JSONAPI
import Testing

/// One resource of the Terraform provider: what it sends to create, change and delete it, and what it reads.
struct ProviderCycle: Sendable, CustomTestStringConvertible {
    /// How the provider deletes.
    enum Deletion: Sendable {
        case delete
        /// Marks as deleted and renames.
        case patch(@Sendable (ProviderBody) -> ProviderBody)
    }

    /// The name in Terraform, without `terrakube_`.
    let name: String
    let type: String
    /// Whether the provider makes up the id, and creates by an atomic operation.
    let isNamedByClient: Bool
    /// Relationships that the provider puts beside the data of such an operation, not into it.
    let beside: (@Sendable (ProviderEstate) -> [String: JSONValue])?
    /// Where it is changed by an atomic operation, and by another one deleted; by requests of their own when nil.
    let operations: (@Sendable (ProviderEstate) -> String)?
    /// Where it is created.
    let list: @Sendable (ProviderEstate) -> String
    /// Where it is read, changed and deleted; below `list` when nil.
    let root: String?
    let created: @Sendable (ProviderEstate) -> ProviderBody
    /// Nil where the provider makes a new one instead.
    let updated: (@Sendable (ProviderEstate) -> ProviderBody)?
    let deletion: Deletion
    /// Attributes that are sent and never given back.
    let secrets: Set<String>
    /// What the server says instead of what was sent.
    let owned: [String: JSONValue]

    /// What the server says where nothing was sent.
    let defaults: [String: JSONValue]

    /// What the server alone writes, although google/jsonapi sends it empty.
    private static let audit: Set = ["createdBy", "createdDate", "updatedBy", "updatedDate"]

    var testDescription: String { name }

    init(
        _ name: String,
        _ type: String,
        at list: @escaping @Sendable (ProviderEstate) -> String,
        root: String? = nil,
        isNamedByClient: Bool = false,
        beside: (@Sendable (ProviderEstate) -> [String: JSONValue])? = nil,
        operations: (@Sendable (ProviderEstate) -> String)? = nil,
        create created: @escaping @Sendable (ProviderEstate) -> ProviderBody,
        update updated: (@Sendable (ProviderEstate) -> ProviderBody)?,
        deletion: Deletion = .delete,
        secrets: Set<String> = [],
        owned: [String: JSONValue] = [:],
        defaults: [String: JSONValue] = [:]
    ) {
        self.name = name
        self.type = type
        self.list = list
        self.root = root
        self.isNamedByClient = isNamedByClient
        self.beside = beside
        self.operations = operations
        self.created = created
        self.updated = updated
        self.deletion = deletion
        self.secrets = secrets
        self.owned = owned
        self.defaults = defaults
    }

    /// Goes through all of it.
    func run(_ client: ProviderClient, _ estate: ProviderEstate) async throws {
        let body = created(estate)
        let id = try await create(body, client, estate)
        let path = "\(root ?? list(estate))/\(id)"
        expect(try await client.get(path), id: id, shows: body)
        if let name = body.attributes["name"]?.string {
            // So do the data sources find it.
            #expect(try await client.get("\(list(estate))?filter[\(type)]=name=='\(name)'").ids == [id], "\(self.name)")
        }
        var last = body
        if let updated {
            last = updated(estate)
            // Twice: the second time nothing is new.
            for _ in 1...2 {
                try await update(id, at: path, last, client, estate)
                expect(try await client.get(path), id: id, shows: last)
            }
        }
        try await delete(id, at: path, last, client, estate)
        // The provider takes a resource out of its state for 404 alone.
        try await #expect(client.get(path).status == 404)
    }

    private func create(_ body: ProviderBody, _ client: ProviderClient, _ estate: ProviderEstate) async throws -> String {
        guard isNamedByClient else {
            let made = try await client.post(list(estate), ProviderClient.document(type, body))
            try #require(made.status == 201, "\(name): \(made.text)")
            let id = try #require(made.id)
            expect(made, id: id, shows: body)
            return id
        }
        let id = UUID().uuidString.lowercased()
        var operation = ProviderClient.document(type, id: id, body).object ?? [:]
        operation["op"] = "add"
        operation["href"] = .string("/\(list(estate))")
        if let beside { operation["relationships"] = .object(beside(estate)) }
        let made = try await client.operate(.object(operation))
        try #require(made.status == 200, "\(name): \(made.text)")
        #expect(made.json["atomic:results"]?.array?.first?["data"]?["id"] == .string(id))
        return id
    }

    private func update(
        _ id: String,
        at path: String,
        _ body: ProviderBody,
        _ client: ProviderClient,
        _ estate: ProviderEstate
    ) async throws {
        var document = ProviderClient.document(type, id: id, body)
        guard let operations else {
            let answer = try await client.patch(path, document)
            #expect(answer.status == 204, "\(name): \(answer.text)")
            return
        }
        document = .object((document.object ?? [:]).merging(["op": "update", "href": .string("/\(operations(estate))/\(id)")]) { $1 })
        let answer = try await client.operate(document)
        #expect(answer.status == 200, "\(name): \(answer.text)")
        // The provider reads the list, not the resource.
        #expect(try await client.get(operations(estate)).ids == [id])
    }

    private func delete(
        _ id: String,
        at path: String,
        _ body: ProviderBody,
        _ client: ProviderClient,
        _ estate: ProviderEstate
    ) async throws {
        if operations != nil {
            let answer = try await client.operate(["op": "remove", "href": .string("/\(list(estate))/\(id)")])
            #expect(answer.status == 200, "\(name): \(answer.text)")
            return
        }
        switch deletion {
        case .delete:
            try await #expect(client.delete(path).status == 204, "\(name)")
        case .patch(let mark):
            let answer = try await client.patch(path, ProviderClient.document(type, id: id, mark(body)))
            #expect(answer.status == 204, "\(name): \(answer.text)")
        }
    }

    /// Looks at what google/jsonapi reads: type, id, and attributes of the kinds that the provider declares.
    private func expect(_ answer: Answer, id: String, shows body: ProviderBody) {
        #expect(answer.status == 200 || answer.status == 201, "\(name): \(answer.text)")
        #expect(answer.data?["type"]?.string == type)
        #expect(answer.id == id)
        for (attribute, sent) in body.attributes {
            if Self.audit.contains(attribute) {
                #expect(answer.attributes[attribute]?.string?.isEmpty == false, "\(name).\(attribute)")
            } else if secrets.contains(attribute) {
                #expect(answer.attributes[attribute] == nil, "\(name).\(attribute)")
            } else {
                let expected = owned[attribute] ?? (sent == .null ? defaults[attribute] : nil) ?? sent
                #expect(answer.attributes[attribute] == expected, "\(name).\(attribute)")
            }
        }
        for (relationship, target) in body.relationships {
            #expect(answer.data?["relationships"]?[relationship] == .link(target.type, target.id), "\(name).\(relationship)")
        }
    }
}

/// What the resources of the provider refer to.
struct ProviderEstate: Sendable {
    let organization: String
    let workspace: String
    let template: String
    let tag: String
    let vcs: String
    let ssh: String
    let webhook: String
    let federated: String
    let project: String
    let collection: String
    /// A workspace without a webhook.
    let bareWorkspace: String

    var root: String { "organization/\(organization)" }
    var own: String { "\(root)/workspace/\(workspace)" }

    init(_ server: TestServer) async throws {
        organization = try await server.makeOrganization("estate")
        workspace = try await server.makeWorkspace("estate", in: organization)
        bareWorkspace = try await server.makeWorkspace("bare", in: organization)
        template = try await server.template("Plan", in: organization)
        let root = "organization/\(organization)"
        tag = try await server.make("tag", at: "\(root)/tag", ["name": "estate"])
        vcs = try await server.make("vcs", at: "\(root)/vcs", Credentials.vcs)
        ssh = try await server.make("ssh", at: "\(root)/ssh", Credentials.ssh)
        webhook = UUID().uuidString.lowercased()
        try await #require(server.post("workspace/\(workspace)/webhook", .resource("webhook", id: webhook)).status == 201)
        let issuer: [String: JSONValue] = ["name": "ci", "issuerUrl": "https://estate.example.com", "audience": "terrakube"]
        federated = try await server.make("federated", at: "federated", issuer)
        project = try await server.make("project", at: "\(root)/project", ["name": "estate"])
        collection = try await server.make("collection", at: "\(root)/collection", ["name": "estate", "priority": 1])
    }
}
