import Foundation
import Tools

/// The folder whose configuration is run.
struct ConfigurationDirectory: Sendable, Equatable {
    let path: String
    /// What a workspace is called that has no other name.
    let name: String

    private static let extensions = [".tf", ".tf.json", ".tofu", ".tofu.json"]

    /// - Throws: `ClientError.invalid` when there is nothing to run.
    init(_ path: String) throws(ClientError) {
        let url = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL.resolvingSymlinksInPath()
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: url.path) else {
            throw .invalid("There is no folder \(path), or it can't be read.")
        }
        guard files.contains(where: { file in Self.extensions.contains(where: file.hasSuffix) }) else {
            throw .invalid("There is no Terraform configuration in \(path): no file that ends with .tf.")
        }
        self.path = url.path
        name = url.lastPathComponent
    }

    /// Sends the folder to a workspace, without what `.terraformignore` excludes.
    ///
    /// - Returns: The size of the archive in bytes.
    func upload(to workspace: Workspace, with client: APIClient, searchPath: String) async throws -> Int {
        let folder = FileManager.default.temporaryDirectory.appending(path: "terrakube-upload-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        let archive = folder.appending(path: "configuration.tar.gz")
        try await ArchiveWriter(searchPath: searchPath).tarGzip(directory: path, to: archive.path)
        try await client.put(file: archive, to: try await client.announceConfiguration(workspace: workspace))
        return try archive.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
    }
}

extension APIClient {
    private struct Attributes: Decodable, Sendable {
        let uploadURL: String

        private enum CodingKeys: String, CodingKey {
            case uploadURL = "upload-url"
        }
    }

    /// - Returns: Where the archive goes.
    fileprivate func announceConfiguration(workspace: Workspace) async throws -> String {
        let document: APIDocument<APIResource<Attributes>, NoAttributes> = try await post(
            ["remote", "tfe", "v2", "workspaces", workspace.id, "configuration-versions"]
        )
        return document.data.attributes.uploadURL
    }
}
