/// An organization as the command line shows it.
struct Organization: Codable, Sendable, Equatable {
    let id: String
    let name: String
    let description: String?
}

extension APIClient {
    private struct Attributes: Codable, Sendable {
        let name: String
        let description: String?
    }

    /// Those that the token may see, in the order of their names.
    func organizations() async throws -> [Organization] {
        try await organizations(query: [("sort", "name")])
    }

    /// - Returns: Nil when there is none of that name that the token may see.
    func findOrganization(named name: String) async throws -> Organization? {
        try await organizations(query: [("filter[organization]", Filter.equals("name", name))]).first { $0.name == name }
    }

    /// - Throws: `ClientError.invalid` when there is none of that name that the token may see.
    func organization(named name: String) async throws -> Organization {
        guard let organization = try await findOrganization(named: name) else {
            throw ClientError.invalid("There is no organization \(name) on \(server), or this token may not see it.")
        }
        return organization
    }

    func createOrganization(named name: String, description: String? = nil) async throws -> Organization {
        let body = ResourceBody(type: "organization", attributes: Attributes(name: name, description: description))
        let document: APIDocument<APIResource<Attributes>, NoAttributes> = try await post(["api", "v1", "organization"], body)
        return organization(document.data)
    }

    private func organizations(query: [(name: String, value: String)]) async throws -> [Organization] {
        let document: APIDocument<[APIResource<Attributes>], NoAttributes> = try await get(["api", "v1", "organization"], query: query)
        return document.data.map(organization)
    }

    private func organization(_ resource: APIResource<Attributes>) -> Organization {
        Organization(id: resource.id, name: resource.attributes.name, description: resource.attributes.description)
    }
}
