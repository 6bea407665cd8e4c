import Foundation
import NIOHTTP1
import Testing

/// An organization with one workspace on a server, as a user sees them.
struct Project: Sendable {
    let client: APIClient
    let organization: String
    let workspace: String

    /// - Parameter source: A git address; nil makes a workspace for uploads.
    static func make(on client: APIClient, source: String? = nil, attributes: [String: any Sendable] = [:]) async throws -> Project {
        let organization = try await client.create("organization", at: "/organization", ["name": "org-\(UUID().uuidString.prefix(8))"])
            .resource.id
        let defaults: [String: any Sendable] = [
            "name": "workspace", "source": source ?? "empty", "branch": source == nil ? "remote-content" : "main",
            "terraformVersion": "~> 1.11",
        ]
        let answer = try await client.create(
            "workspace",
            at: "/organization/\(organization)/workspace",
            defaults.merging(attributes) { _, new in new }
        )
        try #require(answer.status == 201, "\(answer.text)")
        return Project(client: client, organization: organization, workspace: answer.resource.id)
    }

    var workspacePath: String { "/organization/\(organization)/workspace/\(workspace)" }

    /// Lets the workspace read its repository by a connection.
    func use(connection: String) async throws {
        let data: [String: Any] = [
            "type": "workspace", "id": workspace, "relationships": ["vcs": ["data": ["type": "vcs", "id": connection]]],
        ]
        let body = try JSONSerialization.data(withJSONObject: ["data": data])
        let answer = try await client.send(.PATCH, "/api/v1\(workspacePath)", body)
        #expect(answer.status == 204, "\(answer.text)")
    }

    /// Uploads one file as the workspace's configuration.
    func upload(_ configuration: String) async throws {
        let announced = try await client.send(.POST, "/remote/tfe/v2/workspaces/\(workspace)/configuration-versions", Data("{}".utf8))
        let url = try #require(announced.resource.attributes["upload-url"] as? String)
        let archive = try await tarGzip(["main.tf": configuration])
        #expect(try await client.send(.PUT, url, archive, type: "application/octet-stream").status == 200)
    }

    func setVariable(_ key: String, _ value: String, _ more: [String: any Sendable] = [:]) async throws {
        let attributes: [String: any Sendable] = ["key": key, "value": value, "category": "TERRAFORM"]
        let answer = try await client.create("variable", at: "\(workspacePath)/variable", attributes.merging(more) { _, new in new })
        #expect(answer.status == 201, "\(answer.text)")
    }

    /// Queues a job with a flow of its own.
    func start(_ flow: String) async throws -> Run {
        let answer = try await client.create(
            "job",
            at: "/organization/\(organization)/job",
            ["tcl": Data(flow.utf8).base64EncodedString()],
            workspace: workspace
        )
        try #require(answer.status == 201, "\(answer.text)")
        return Run(project: self, id: answer.resource.id)
    }

    /// Queues a job with one of the organization's templates.
    func start(template name: String) async throws -> Run {
        let filter = "name=='\(name)'".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let template = try #require(
            try await client.get("/api/v1/organization/\(organization)/template?filter%5Btemplate%5D=\(filter)").resources.first
        )
        let answer = try await client.create(
            "job",
            at: "/organization/\(organization)/job",
            ["templateReference": template.id],
            workspace: workspace
        )
        try #require(answer.status == 201, "\(answer.text)")
        return Run(project: self, id: answer.resource.id)
    }

    /// The state versions, the oldest first.
    func states() async throws -> [APIClient.Resource] {
        try await client.get("/api/v1\(workspacePath)/history?sort=serial").resources
    }

    /// The raw bytes of a state version.
    func rawState(_ id: String) async throws -> Data {
        try await client.get("/tfstate/v1/organization/\(organization)/workspace/\(workspace)/state/\(id).raw.json").body
    }
}

/// A job on a server.
struct Run: Sendable {
    let project: Project
    let id: String

    private var path: String { "/api/v1/organization/\(project.organization)/job/\(id)" }

    func job() async throws -> APIClient.Resource {
        try await project.client.get(path).resource
    }

    func steps() async throws -> [APIClient.Resource] {
        try await project.client.get("\(path)/step?sort=stepNumber").resources
    }

    func log(step: Int) async throws -> String {
        let step = try await steps()[step].id
        return try await project.client.get("/tfoutput/v1/organization/\(project.organization)/job/\(id)/step/\(step)").text
    }

    func set(status: String) async throws -> Int {
        try await project.client.update("job", id: id, at: "/organization/\(project.organization)/job/\(id)", ["status": status]).status
    }

    /// Reads the live log of a step until a line holds a text, or to its end, which comes when the step has ended.
    func follow(step: Int, until text: String? = nil) async throws {
        let id = try await steps()[step].id
        try await project.client.follow("/tfoutput/v1/organization/\(project.organization)/job/\(self.id)/step/\(id)/stream", until: text)
    }

    /// Waits until the job's last step has ended.
    ///
    /// - Returns: The job's state.
    @discardableResult
    func end() async throws -> String {
        try await follow(step: try await steps().count - 1)
        return try await job().string("status")
    }
}

/// Packs files as a client does.
func tarGzip(_ files: [String: String]) async throws -> Data {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: directory) }
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for (name, text) in files {
        try Data(text.utf8).write(to: directory.appending(path: name))
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tar", "-czf", "-", "-C", directory.path] + files.keys.sorted()
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let archive = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return archive
}

/// Flows that several tests run.
enum Flow {
    static let planAndApply = """
        flow:
        - type: "terraformPlan"
          step: 100
        - type: "terraformApply"
          step: 200
        """

    static let approved = """
        flow:
        - type: "terraformPlan"
          step: 100
        - type: "approval"
          step: 150
        - type: "terraformApply"
          step: 200
        """
}
