/// Finds where a run belongs, and makes it when it is not there yet.
struct RunTarget: Sendable {
    let client: APIClient
    let console: Console

    func organization(named name: String) async throws -> Organization {
        if let organization = try await client.findOrganization(named: name) { return organization }
        let organization = try await client.createOrganization(named: name)
        console.line("Created the organization \(name).")
        return organization
    }

    /// - Throws: `ClientError.invalid` for a workspace whose configuration comes from git: an upload would be for nothing.
    func workspace(named name: String, terraformVersion: String, in organization: Organization) async throws -> Workspace {
        if let workspace = try await client.findWorkspace(named: name, in: organization) {
            guard workspace.takesUploads else {
                let source = PlainText.line(workspace.source)
                throw ClientError.invalid("The workspace \(name) runs what is in \(source); choose another one with --workspace.")
            }
            return workspace
        }
        let workspace = try await client.createWorkspace(named: name, terraformVersion: terraformVersion, in: organization)
        console.line("Created the workspace \(name).")
        return workspace
    }
}
