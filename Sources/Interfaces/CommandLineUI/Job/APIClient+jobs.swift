import Foundation

extension APIClient {
    private struct Attributes: Decodable, Sendable {
        let status: JobStatus
        let output: String?
        let via: String?
        let createdBy: String?
        let createdDate: String?
    }

    private struct StepAttributes: Decodable, Sendable {
        let stepNumber: Int
        let name: String?
        let status: JobStatus
    }

    private struct NameAttributes: Decodable, Sendable {
        let name: String
    }

    private struct NewAttributes: Encodable, Sendable {
        let templateReference: String?
        let tcl: String?
        let via = "CLI"
    }

    private struct StatusAttributes: Encodable, Sendable {
        let status: JobStatus
    }

    /// The newest jobs of an organization, newest first, without their steps.
    func jobs(of organization: Organization, limit: Int) async throws -> [Job] {
        let query = [("sort", "-id"), ("page[size]", String(limit)), ("include", "workspace")]
        let document: APIDocument<[APIResource<Attributes>], NameAttributes> = try await get(path(organization), query: query)
        let names = Dictionary((document.included ?? []).map { ($0.id, $0.attributes.name) }, uniquingKeysWith: { first, _ in first })
        return document.data.map { resource in
            let workspace = resource.relationships?["workspace"]?.id
            return job(resource, workspace: workspace.map { names[$0] ?? $0 }, steps: nil)
        }
    }

    /// One job with its steps.
    func job(_ id: String, of organization: Organization) async throws -> Job {
        let document: APIDocument<APIResource<Attributes>, StepAttributes> = try await get(
            path(organization) + [id],
            query: [("include", "step")]
        )
        let steps = (document.included ?? [])
            .map { step in
                let attributes = step.attributes
                let name = attributes.name ?? "Step \(attributes.stepNumber)"
                return Job.Step(id: step.id, number: attributes.stepNumber, name: name, status: attributes.status)
            }
            .sorted { $0.number < $1.number }
        return job(document.data, workspace: nil, steps: steps)
    }

    /// Queues a job.
    ///
    /// - Returns: Its id.
    /// - Throws: `ClientError.invalid` when the organization has no template of that name.
    func createJob(_ flow: RunFlow, workspace: Workspace, of organization: Organization) async throws -> String {
        let attributes: NewAttributes
        switch flow {
        case .template(let name): attributes = NewAttributes(templateReference: try await template(named: name, of: organization), tcl: nil)
        case .inline(let yaml): attributes = NewAttributes(templateReference: nil, tcl: Data(yaml.utf8).base64EncodedString())
        }
        let body = ResourceBody(
            type: "job",
            attributes: attributes,
            relationships: ["workspace": .init(type: "workspace", id: workspace.id)]
        )
        let document: APIDocument<APIResource<NoAttributes>, NoAttributes> = try await post(path(organization), body)
        return document.data.id
    }

    /// Approves, rejects or cancels.
    func setStatus(_ status: JobStatus, ofJob id: String, of organization: Organization) async throws {
        try await patch(
            path(organization) + [id],
            ResourceBody(type: "job", id: id, attributes: StatusAttributes(status: status))
        )
    }

    private func template(named name: String, of organization: Organization) async throws -> String {
        let document: APIDocument<[APIResource<NameAttributes>], NoAttributes> = try await get(
            ["api", "v1", "organization", organization.id, "template"],
            query: [("filter[template]", Filter.equals("name", name))]
        )
        guard let template = document.data.first(where: { $0.attributes.name == name }) else {
            throw ClientError.invalid("The organization \(organization.name) has no template “\(name)”, which this run needs.")
        }
        return template.id
    }

    private func path(_ organization: Organization) -> [String] {
        ["api", "v1", "organization", organization.id, "job"]
    }

    private func job(_ resource: APIResource<Attributes>, workspace: String?, steps: [Job.Step]?) -> Job {
        let attributes = resource.attributes
        return Job(
            id: resource.id,
            status: attributes.status,
            message: attributes.output.flatMap { $0.isEmpty ? nil : $0 },
            workspace: workspace,
            via: attributes.via,
            createdBy: attributes.createdBy,
            createdDate: attributes.createdDate,
            steps: steps
        )
    }
}
