import JSONAPI
import Testing

/// An organization with one of everything in it.
struct Estate: Sendable {
    let organization: String
    let project: String
    /// Whether the workspace lies in the project.
    let isInProject: Bool
    let workspace: String
    /// Where each resource is, by its type.
    let paths: [String: String]
    let job: Int
    let step: String

    var state: String { "/tfstate/v1/organization/\(organization)/workspace/\(workspace)/state/terraform.tfstate" }
    var backend: String { "/tfstate/v1/backend/\(workspace)" }
    var log: String { "/tfoutput/v1/organization/\(organization)/job/\(job)/step/\(step)" }

    init(_ server: TestServer, name: String = "acme", inProject isInProject: Bool = false) async throws {
        let organization = try await server.makeOrganization(name)
        let root = "organization/\(organization)"
        let project = try await server.make("project", at: "\(root)/project", ["name": "estate"])
        let workspace = try await server.makeWorkspace("estate", in: organization, project: isInProject ? project : nil)
        let own = "\(root)/workspace/\(workspace)"
        let tag = try await server.make("tag", at: "\(root)/tag", ["name": "prod"])
        try await #require(server.write(States.state(serial: 1), to: workspace).status == 200)
        let job = try await server.makeJob(in: workspace, flow: Flows.approved(by: nil))
        var paths = ["organization": root, "workspace": own, "tag": "\(root)/tag/\(tag)", "job": "\(own)/job/\(job)"]
        paths["variable"] = "\(own)/variable/\(try await server.makeVariable("region", "eu", in: workspace))"
        paths["workspacetag"] =
            "\(own)/workspaceTag/\(try await server.make("workspacetag", at: "\(own)/workspaceTag", ["tagId": .string(tag)]))"
        let schedule: [String: JSONValue] = ["cron": "@daily", "tcl": .string(Flows.plan.base64)]
        paths["schedule"] = "\(own)/schedule/\(try await server.make("schedule", at: "\(own)/schedule", schedule))"
        paths["globalvar"] =
            "\(root)/globalvar/\(try await server.make("globalvar", at: "\(root)/globalvar", ["key": "k", "value": "v", "category": "ENV"]))"
        paths["team"] = "\(root)/team/\(try await server.makeTeam("estate", in: organization))"
        paths["template"] = "\(root)/template/\(try await server.template("Plan", in: organization))"
        paths["vcs"] = "\(root)/vcs/\(try await server.make("vcs", at: "\(root)/vcs", Credentials.vcs))"
        paths["ssh"] = "\(root)/ssh/\(try await server.make("ssh", at: "\(root)/ssh", Credentials.ssh))"
        paths["history"] = "\(own)/history/\(try #require(try await server.get("\(own)/history").ids.first))"
        paths["project"] = "\(root)/project/\(project)"
        paths["agent"] =
            "\(root)/agent/\(try await server.make("agent", at: "\(root)/agent", ["name": "a", "url": "https://agent.example.com"]))"
        let collection = try await server.make("collection", at: "\(root)/collection", ["name": "estate", "priority": 1])
        paths["collection"] = "\(root)/collection/\(collection)"
        let item: [String: JSONValue] = ["key": "k", "value": "v", "category": "ENV"]
        paths["item"] =
            "\(root)/collection/\(collection)/item/\(try await server.make("item", at: "\(root)/collection/\(collection)/item", item))"
        let use = try await server.post(
            "\(root)/collection/\(collection)/reference",
            .resource("reference", [:], ["workspace": .link("workspace", workspace)])
        )
        paths["reference"] = "reference/\(try #require(use.id))"
        paths["access"] = "\(own)/access/\(try await server.make("access", at: "\(own)/access", ["name": "estate"]))"
        let projectAccess = try await server.make("project_access", at: "\(root)/project/\(project)/projectAccess", ["name": "estate"])
        paths["project_access"] = "\(root)/project/\(project)/projectAccess/\(projectAccess)"
        step = try await server.stepIDs(job: job)[0]
        paths["step"] = "\(own)/job/\(job)/step/\(step)"
        paths.merge(try await Self.declared(server, organization, workspace)) { _, new in new }
        self.organization = organization
        self.project = project
        self.isInProject = isInProject
        self.workspace = workspace
        self.paths = paths
        self.job = job
    }
}
