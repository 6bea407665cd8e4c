/// A workspace as the command line shows it.
struct Workspace: Codable, Sendable, Equatable {
    let id: String
    let name: String
    let source: String
    let branch: String
    let terraformVersion: String
    let lastJobStatus: String?

    /// Whether clients upload its configuration; else it comes from git.
    var takesUploads: Bool {
        source.isEmpty || source == Self.emptySource || branch == Self.uploadBranch
    }

    /// How the API writes "no repository", and the branch of what is uploaded.
    static let emptySource = "empty"
    static let uploadBranch = "remote-content"
}

extension APIClient {
    private struct Attributes: Codable, Sendable {
        let name: String
        let source: String?
        let branch: String?
        let terraformVersion: String?
        let lastJobStatus: String?
    }

    private struct NewAttributes: Encodable, Sendable {
        let name: String
        let source = Workspace.emptySource
        let branch = Workspace.uploadBranch
        let folder = "/"
        let terraformVersion: String
        let iacType = "terraform"
    }

    /// Those of an organization, in the order of their names.
    func workspaces(of organization: Organization) async throws -> [Workspace] {
        try await workspaces(of: organization, query: [("sort", "name")])
    }

    func findWorkspace(named name: String, in organization: Organization) async throws -> Workspace? {
        try await workspaces(of: organization, query: [("filter[workspace]", Filter.equals("name", name))]).first { $0.name == name }
    }

    /// Creates a workspace that takes uploads.
    func createWorkspace(named name: String, terraformVersion: String, in organization: Organization) async throws -> Workspace {
        let body = ResourceBody(type: "workspace", attributes: NewAttributes(name: name, terraformVersion: terraformVersion))
        let document: APIDocument<APIResource<Attributes>, NoAttributes> = try await post(path(organization), body)
        return workspace(document.data)
    }

    private func workspaces(of organization: Organization, query: [(name: String, value: String)]) async throws -> [Workspace] {
        let document: APIDocument<[APIResource<Attributes>], NoAttributes> = try await get(path(organization), query: query)
        return document.data.map(workspace)
    }

    private func path(_ organization: Organization) -> [String] {
        ["api", "v1", "organization", organization.id, "workspace"]
    }

    private func workspace(_ resource: APIResource<Attributes>) -> Workspace {
        Workspace(
            id: resource.id,
            name: resource.attributes.name,
            source: resource.attributes.source ?? "",
            branch: resource.attributes.branch ?? "",
            terraformVersion: resource.attributes.terraformVersion ?? "",
            lastJobStatus: resource.attributes.lastJobStatus
        )
    }
}
