import Foundation
import JSONAPI
import NIOHTTP1
import Tools

/// One run, from the upload to its end.
struct RunSession {
    struct Upload: Sendable {
        let directory: String
        let organization: String
        let workspace: String
        let terraformVersion: String
    }

    let client: APIClient
    let terminal: Terminal
    let flow: RunFlow

    /// - Returns: The exit code: 0 when the job completed, 1 when it did not, 2 when it waits for somebody else.
    func run(_ upload: Upload) async throws -> Int {
        let organization = try await organization(named: upload.organization)
        let workspace = try await workspace(upload, in: organization)
        try await send(upload.directory, to: workspace)
        let job = try await client.create(
            "job",
            at: "/organization/\(organization)/job",
            attributes: ["tcl": .string(flow.tcl), "via": "CLI"],
            relationships: ["workspace": ["data": ["type": "workspace", "id": .string(workspace)]]]
        )
        guard let id = job["id"]?.string else { throw ClientError("The server's answer has no id.") }
        terminal.print(terminal.styled("Run \(id)", .bold) + "  \(client.server)/runs/\(id)")
        return try await JobFollower(client: client, terminal: terminal, organization: organization, job: id).follow()
    }

    private func organization(named name: String) async throws -> String {
        if let id = try await client.find("organization", below: "/organization", where: "name", is: name)?["id"]?.string {
            return id
        }
        terminal.print("Making the organization \(name).")
        return try await id(of: client.create("organization", at: "/organization", attributes: ["name": .string(name)]))
    }

    private func workspace(_ upload: Upload, in organization: String) async throws -> String {
        let path = "/organization/\(organization)/workspace"
        if let id = try await client.find("workspace", below: path, where: "name", is: upload.workspace)?["id"]?.string {
            return id
        }
        terminal.print("Making the workspace \(upload.workspace).")
        return try await id(
            of: client.create(
                "workspace",
                at: path,
                attributes: [
                    "name": .string(upload.workspace),
                    "source": "empty",
                    "branch": "remote-content",
                    "terraformVersion": .string(upload.terraformVersion),
                ]
            )
        )
    }

    private func id(of resource: JSONValue) throws -> String {
        guard let id = resource["id"]?.string else { throw ClientError("The server's answer has no id.") }
        return id
    }

    private func send(_ directory: String, to workspace: String) async throws {
        let archive = try await archive(of: directory)
        let version = try await client.send(.POST, "/remote/tfe/v2/workspaces/\(workspace)/configuration-versions", body: Data("{}".utf8))
        guard let url = version["data"]?["attributes"]?["upload-url"]?.string else {
            throw ClientError("The server names no address for the upload.")
        }
        _ = try await client.send(.PUT, url, body: archive, type: "application/octet-stream")
        terminal.print(terminal.styled("Uploaded \(directory)", .faint))
    }

    private func archive(of directory: String) async throws -> Data {
        let file = FileManager.default.temporaryDirectory.appending(path: "terrakube-\(UUID().uuidString).tar.gz")
        defer { try? FileManager.default.removeItem(at: file) }
        try await ArchiveWriter(searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
            .tarGzip(directory: directory, to: file.path)
        return try Data(contentsOf: file)
    }
}
