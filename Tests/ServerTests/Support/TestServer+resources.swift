import Database
import Foundation
import JSONAPI
import Testing
import Wire

/// The shortest ways to what most tests begin with. Each requires that the server agreed.
extension TestServer {
    /// An organization and its administrators' view of it.
    func makeOrganization(_ name: String = "acme") async throws -> String {
        try await make("organization", at: "organization", ["name": .string(name)])
    }

    func makeTeam(_ name: String, in organization: String, role: String = "custom", flags: [String] = []) async throws -> String {
        var attributes: [String: JSONValue] = ["name": .string(name), "role": .string(role)]
        for flag in flags { attributes[flag] = true }
        return try await make("team", at: "organization/\(organization)/team", attributes)
    }

    /// A workspace on a git repository, unless `attributes` say otherwise.
    func makeWorkspace(
        _ name: String = "network",
        in organization: String,
        _ attributes: [String: JSONValue] = [:],
        project: String? = nil
    ) async throws -> String {
        let standard: [String: JSONValue] = [
            "name": .string(name), "source": "https://git.example.com/network.git", "branch": "main", "terraformVersion": "1.11.4",
        ]
        let all = standard.merging(attributes) { _, new in new }
        guard let project else { return try await make("workspace", at: "organization/\(organization)/workspace", all) }
        let body: JSONValue = .resource("workspace", all, ["project": .link("project", project)])
        let answer = try await post("organization/\(organization)/workspace", body)
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.id)
    }

    func makeVariable(_ key: String, _ value: String, in workspace: String, _ attributes: [String: JSONValue] = [:]) async throws -> String
    {
        let standard: [String: JSONValue] = ["key": .string(key), "value": .string(value), "category": "TERRAFORM"]
        return try await make("variable", at: "workspace/\(workspace)/variable", standard.merging(attributes) { _, new in new })
    }

    func make(_ type: String, at path: String, _ attributes: [String: JSONValue]) async throws -> String {
        let answer = try await post(path, .resource(type, attributes))
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.id)
    }

    /// The id of a template by its name.
    func template(_ name: String, in organization: String) async throws -> String {
        let list = try await get("organization/\(organization)/template")
        let found = (list.data?.array ?? []).first { $0["attributes"]?["name"]?.string == name }
        return try #require(found?["id"]?.string)
    }

    /// A job of a flow in YAML.
    func makeJob(in workspace: String, flow: String) async throws -> Int {
        let attributes: [String: JSONValue] = ["tcl": .string(flow.base64)]
        return try #require(Int(try await make("job", at: "workspace/\(workspace)/job", attributes)))
    }

    /// Makes a job and lets the scheduler start it.
    func startJob(in workspace: String, flow: String = Flows.planAndApply) async throws -> Int {
        let job = try await makeJob(in: workspace, flow: flow)
        try await schedule(workspace)
        return job
    }

    /// A job in a new workspace that waits for the approval of `team`.
    func makeWaitingJob(
        named workspace: String = "waiting",
        in organization: String,
        project: String? = nil,
        team: String?
    ) async throws -> Int {
        let workspace = try await makeWorkspace(workspace, in: organization, project: project)
        let job = try await startJob(in: workspace, flow: Flows.approved(by: team))
        try await #require(FakeExecutor(self).runJob() == .pause)
        return job
    }

    // MARK: Looking

    func status(job: Int) async throws -> String {
        try await attribute("status", ofJob: job)?.string ?? ""
    }

    func attribute(_ name: String, ofJob job: Int) async throws -> JSONValue? {
        let workspace = try await workspace(ofJob: job)
        return try await get("workspace/\(workspace)/job/\(job)").attributes[name]
    }

    /// `number: status` for each step, in order.
    func steps(job: Int) async throws -> [String] {
        let workspace = try await workspace(ofJob: job)
        let steps = try await get("workspace/\(workspace)/job/\(job)/step?sort=stepNumber")
        return zip(steps.values("stepNumber"), steps.values("status")).map { "\($0.integer ?? 0): \($1.string ?? "")" }
    }

    func stepIDs(job: Int) async throws -> [String] {
        let workspace = try await workspace(ofJob: job)
        return try await get("workspace/\(workspace)/job/\(job)/step?sort=stepNumber").ids
    }

    func decide(_ status: String, job: Int, as caller: Caller = .administrator) async throws -> Answer {
        let workspace = try await workspace(ofJob: job)
        return try await patch(
            "workspace/\(workspace)/job/\(job)",
            .resource("job", id: String(job), ["status": .string(status)]),
            as: caller
        )
    }

    private func workspace(ofJob job: Int) async throws -> String {
        let row = try await database.read { try $0.row("SELECT workspace_id FROM job WHERE id = \(job)") }
        return try #require(row).get("workspace_id")
    }
}

extension JSONValue {
    /// A JSON:API document with one resource.
    static func resource(
        _ type: String,
        id: String? = nil,
        _ attributes: [String: JSONValue] = [:],
        _ relationships: [String: JSONValue] = [:]
    ) -> JSONValue {
        var resource: [String: JSONValue] = ["type": .string(type), "attributes": .object(attributes)]
        if let id { resource["id"] = .string(id) }
        if relationships.isEmpty == false { resource["relationships"] = .object(relationships) }
        return ["data": .object(resource)]
    }

    /// A relationship to one resource.
    static func link(_ type: String, _ id: String) -> JSONValue {
        ["data": ["type": .string(type), "id": .string(id)]]
    }
}
