import Foundation
import HTTPTypes
import Identity
import JSONAPI
import Testing

/// Something that somebody tries, and what it takes.
struct Operation: Sendable {
    enum Requirement: Sendable {
        /// One of these.
        case permission(Set<Permission>)
        /// Access at any level of the organization.
        case member
        /// Access to the organization as a whole.
        case teamMember
        /// Access to the project, or the management of all workspaces.
        case projectMember
        case administrator
        /// Not even an administrator.
        case never
    }

    /// What the access has to reach.
    enum Place: Sendable {
        case organization
        /// The estate's project, or a workspace that is made in it when the estate lies there.
        case project
        /// The estate's workspace.
        case workspace
    }

    /// Answers with the status; `number` makes names that are new each time.
    typealias Attempt = @Sendable (_ server: TestServer, _ estate: Estate, _ caller: TestServer.Caller, _ number: Int) async throws -> Int

    let name: String
    let requirement: Requirement
    let place: Place
    let attempt: Attempt

    init(_ name: String, _ requirement: Requirement, in place: Place = .organization, _ attempt: @escaping Attempt) {
        self.name = name
        self.requirement = requirement
        self.place = place
        self.attempt = attempt
    }

    /// - Parameters:
    ///   - granted: What the row of access grants.
    ///   - level: How far it reaches.
    func isAllowed(with granted: Set<Permission>, at level: AccessLevel, in estate: Estate) -> Bool {
        switch requirement {
        case .administrator, .never: return false
        case .projectMember: return level == .project || (level == .organization && granted.contains(.manageWorkspace))
        case .teamMember: return level == .organization
        case .member, .permission: break
        }
        switch place {
        case .organization: if level != .organization, case .permission = requirement { return false }
        case .project: guard reaches(level, granted, estate), level != .workspace else { return false }
        case .workspace: guard reaches(level, granted, estate) else { return false }
        }
        guard case .permission(let permissions) = requirement else { return true }
        return granted.isDisjoint(with: permissions) == false
    }

    /// Whether such access sees the estate's workspace.
    private func reaches(_ level: AccessLevel, _ granted: Set<Permission>, _ estate: Estate) -> Bool {
        switch level {
        case .organization: estate.isInProject == false || granted.contains(.manageWorkspace)
        case .project: estate.isInProject
        case .workspace: true
        }
    }

    static let all: [Operation] =
        reading + projects + plain + resources.flatMap(writing) + refusals + jobs + states + declared
        + [
            Operation("update organization", .administrator) { server, estate, caller, number in
                let body: JSONValue = .resource("organization", id: estate.organization, ["description": .string("\(number)")])
                return try await server.patch("organization/\(estate.organization)", body, as: caller).status
            },
            Operation("create workspacetag", .permission([.manageWorkspace]), in: .workspace) { server, estate, caller, number in
                let root = "organization/\(estate.organization)"
                let tag = try await server.make("tag", at: "\(root)/tag", ["name": .string("tag-\(number)")])
                let body: JSONValue = .resource("workspacetag", ["tagId": .string(tag)])
                return try await server.post("\(root)/workspace/\(estate.workspace)/workspaceTag", body, as: caller).status
            },
            Operation("announce an upload", .permission([.planJob]), in: .workspace) { server, estate, caller, _ in
                let path = "/remote/tfe/v2/workspaces/\(estate.workspace)/configuration-versions"
                return try await server.post(path, .resource("configuration-versions"), as: caller).status
            },
        ]

    private static let reading = [
        "organization": (Requirement.member, Place.organization), "globalvar": (.member, .organization), "team": (.member, .organization),
        "template": (.member, .organization), "vcs": (.member, .organization), "tag": (.member, .organization),
        "agent": (.member, .organization), "ssh": (.teamMember, .organization), "collection": (.teamMember, .organization),
        "item": (.teamMember, .organization), "project": (.projectMember, .organization), "workspace": (.member, .workspace),
        "variable": (.member, .workspace), "workspacetag": (.member, .workspace), "job": (.member, .workspace),
        "step": (.member, .workspace), "history": (.member, .workspace), "reference": (.member, .workspace),
        "schedule": (.member, .workspace), "access": (.permission([.manageWorkspace]), .workspace),
    ].map { type, need in
        Operation("read \(type)", need.0, in: need.1) { server, estate, caller, _ in
            try await server.get(try #require(estate.paths[type]), as: caller).status
        }
    }

    private static let projects = [
        Operation("read project_access", .permission([.manageProject]), in: .project) { server, estate, caller, _ in
            try await server.get(try #require(estate.paths["project_access"]), as: caller).status
        },
        Operation("update the project", .permission([.manageProject]), in: .project) { server, estate, caller, number in
            let change: JSONValue = .resource("project", id: estate.project, ["description": .string("\(number)")])
            return try await server.patch(try #require(estate.paths["project"]), change, as: caller).status
        },
        Operation("create project_access", .permission([.manageProject]), in: .project) { server, estate, caller, number in
            let path = "\(try #require(estate.paths["project"]))/projectAccess"
            return try await server.post(path, .resource("project_access", ["name": .string("group-\(number)")]), as: caller).status
        },
        Operation("delete project_access", .permission([.manageProject]), in: .project) { server, estate, caller, number in
            let path = "\(try #require(estate.paths["project"]))/projectAccess"
            let id = try await server.make("project_access", at: path, ["name": .string("gone-\(number)")])
            return try await server.delete("\(path)/\(id)", as: caller).status
        },
        Operation("create a workspace in the project", .permission([.manageWorkspace]), in: .project) { server, estate, caller, number in
            let attributes: [String: JSONValue] = [
                "name": .string("inside-\(number)"), "source": "https://example.com/x.git", "branch": "main", "terraformVersion": "1.11.4",
            ]
            let body: JSONValue = .resource("workspace", attributes, ["project": .link("project", estate.project)])
            let status = try await server.post("organization/\(estate.organization)/workspace", body, as: caller).status
            // A body that names a project which the caller can't see is bad in the same way as one that names none.
            return status == 400 ? 404 : status
        },
        Operation("refer to a collection", .permission([.manageCollection])) { server, estate, caller, number in
            let workspace = try await server.makeWorkspace("user-\(number)", in: estate.organization)
            let body: JSONValue = .resource("reference", [:], ["workspace": .link("workspace", workspace)])
            return try await server.post("\(try #require(estate.paths["collection"]))/reference", body, as: caller).status
        },
        Operation("update the workspace", .permission([.manageWorkspace]), in: .workspace) { server, estate, caller, number in
            let change: JSONValue = .resource("workspace", id: estate.workspace, ["description": .string("\(number)")])
            return try await server.patch(try #require(estate.paths["workspace"]), change, as: caller).status
        },
        Operation("take the workspace out of its project", .permission([.manageWorkspace])) { server, estate, caller, number in
            let workspace = try await server.makeWorkspace("leaver-\(number)", in: estate.organization, project: estate.project)
            let path = "organization/\(estate.organization)/workspace/\(workspace)/relationships/project"
            return try await server.patch(path, ["data": .null], as: caller).status
        },
    ]

    /// The endpoints that are no resources.
    private static let plain = [
        Operation("roll the state back", .permission([.manageState]), in: .workspace) { server, estate, caller, _ in
            let version = try #require(estate.paths["history"]?.split(separator: "/").last)
            let path = "/tfstate/v1/organization/\(estate.organization)/workspace/\(estate.workspace)/rollback/\(version).json"
            return try await server.send(.put, path, Data(), as: caller).status
        },
        Operation("read a context", .member, in: .workspace) { server, estate, caller, _ in
            try await server.get("/context/v1/\(estate.job)", as: caller).status
        },
        Operation("write a context", .permission([.planJob]), in: .workspace) { server, estate, caller, _ in
            let body = Data(#"{"note":1}"#.utf8)
            return try await server.send(.post, "/context/v1/\(estate.job)", body, type: "application/json", as: caller).status
        },
        Operation("ask for permissions in the organization", .member) { server, estate, caller, _ in
            try await server.get("/access-token/v1/teams/permissions/organization/\(estate.organization)", as: caller).status
        },
        Operation("ask for permissions in the workspace", .member, in: .workspace) { server, estate, caller, _ in
            let path = "/access-token/v1/teams/permissions/organization/\(estate.organization)/workspace/\(estate.workspace)"
            return try await server.get(path, as: caller).status
        },
        Operation("read deliveries", .permission([.manageWorkspace]), in: .workspace) { server, estate, caller, _ in
            try await server.get("/notification/v1/workspace/\(estate.workspace)/deliveries", as: caller).status
        },
        Operation("call through the proxy", .permission([.manageWorkspace]), in: .workspace) { server, estate, caller, _ in
            let path = "/proxy/v1?workspaceId=\(estate.workspace)&targetUrl=http%3A%2F%2F127.0.0.1%3A1%2F"
            let status = try await server.get(path, as: caller).status
            // Who may call is told that the target may not be called.
            return status == 400 ? 200 : status
        },
        Operation("begin a connection", .permission([.manageVcs])) { server, estate, caller, _ in
            let id = try #require(estate.paths["vcs"]?.split(separator: "/").last)
            let status = try await server.get("/connect/v1/vcs/\(id)", as: caller).status
            return (300..<400).contains(status) ? 200 : status
        },
    ]

    // MARK: Resources

    private struct Kind: Sendable {
        let type: String
        let requirement: Requirement
        /// Below the organization, or below its workspace.
        let isInWorkspace: Bool
        /// The attribute that is unique.
        let key: String
        let attributes: [String: JSONValue]
        /// The path segment, where it is not the type.
        var segment: String?
        /// The resource of the estate that it lies under, when it is another one.
        var parent: String?

        func list(_ estate: Estate) -> String {
            let root = "organization/\(estate.organization)"
            let parent = parent.flatMap { estate.paths[$0] } ?? (isInWorkspace ? "\(root)/workspace/\(estate.workspace)" : root)
            return "\(parent)/\(segment ?? type)"
        }
    }

    private static let resources = [
        Kind(
            type: "workspace",
            requirement: .permission([.manageWorkspace]),
            isInWorkspace: false,
            key: "name",
            attributes: ["source": "https://example.com/x.git", "branch": "main", "terraformVersion": "1.11.4"]
        ),
        Kind(
            type: "variable",
            requirement: .permission([.manageWorkspace]),
            isInWorkspace: true,
            key: "key",
            attributes: ["value": "v", "category": "ENV"]
        ),
        Kind(
            type: "schedule",
            requirement: .permission([.manageWorkspace]),
            isInWorkspace: true,
            key: "description",
            attributes: ["cron": "@daily", "tcl": .string(Flows.plan.base64)]
        ),
        Kind(type: "tag", requirement: .permission([.manageWorkspace]), isInWorkspace: false, key: "name", attributes: [:]),
        Kind(type: "template", requirement: .permission([.manageTemplate]), isInWorkspace: false, key: "name", attributes: ["tcl": ""]),
        Kind(type: "vcs", requirement: .permission([.manageVcs]), isInWorkspace: false, key: "name", attributes: Credentials.vcs),
        Kind(type: "ssh", requirement: .permission([.manageVcs]), isInWorkspace: false, key: "name", attributes: Credentials.ssh),
        Kind(
            type: "globalvar",
            requirement: .administrator,
            isInWorkspace: false,
            key: "key",
            attributes: ["value": "v", "category": "ENV"]
        ),
        Kind(
            type: "project",
            requirement: .permission([.manageWorkspace]),
            isInWorkspace: false,
            key: "name",
            attributes: [:]
        ),
        Kind(
            type: "access",
            requirement: .permission([.manageWorkspace]),
            isInWorkspace: true,
            key: "name",
            attributes: ["role": "plan"]
        ),
        Kind(
            type: "collection",
            requirement: .permission([.manageCollection]),
            isInWorkspace: false,
            key: "name",
            attributes: ["priority": 1]
        ),
        Kind(
            type: "item",
            requirement: .permission([.manageCollection]),
            isInWorkspace: false,
            key: "key",
            attributes: ["value": "v", "category": "ENV"],
            parent: "collection"
        ),
        Kind(
            type: "agent",
            requirement: .administrator,
            isInWorkspace: false,
            key: "name",
            attributes: ["url": "https://agent.example.com"]
        ),
        Kind(type: "team", requirement: .administrator, isInWorkspace: false, key: "name", attributes: ["role": "admin"]),
    ]

    private static func writing(_ kind: Kind) -> [Operation] {
        let body: @Sendable (String, Int) -> [String: JSONValue] = { verb, number in
            kind.attributes.merging([kind.key: .string("\(verb)-\(number)")]) { _, new in new }
        }
        let place: Place = kind.isInWorkspace ? .workspace : .organization
        return [
            Operation("create \(kind.type)", kind.requirement, in: place) { server, estate, caller, number in
                try await server.post(kind.list(estate), .resource(kind.type, body("create", number)), as: caller).status
            },
            Operation("update \(kind.type)", kind.requirement, in: place) { server, estate, caller, number in
                let id = try await server.make(kind.type, at: kind.list(estate), body("update", number))
                let change: JSONValue = .resource(kind.type, id: id, [kind.key: .string("updated-\(number)")])
                return try await server.patch("\(kind.list(estate))/\(id)", change, as: caller).status
            },
            Operation("delete \(kind.type)", kind.requirement, in: place) { server, estate, caller, number in
                let id = try await server.make(kind.type, at: kind.list(estate), body("delete", number))
                return try await server.delete("\(kind.list(estate))/\(id)", as: caller).status
            },
        ]
    }

    private static let refusals = ["history", "step", "job"].map { type in
        Operation("delete \(type)", .never, in: .workspace) { server, estate, caller, _ in
            try await server.delete(try #require(estate.paths[type]), as: caller).status
        }
    }

    // MARK: Jobs and state

    private static let jobs = [
        Operation("create job", .permission([.planJob, .approveJob]), in: .workspace) { server, estate, caller, _ in
            let tcl: [String: JSONValue] = ["tcl": .string(Flows.plan.base64)]
            return try await server.post("workspace/\(estate.workspace)/job", .resource("job", tcl), as: caller).status
        },
        Operation("cancel job", .permission([.planJob, .approveJob]), in: .workspace) { server, estate, caller, _ in
            let job = try await server.makeJob(in: estate.workspace, flow: Flows.plan)
            return try await server.decide("cancelled", job: job, as: caller).status
        },
        Operation("approve job without a team", .member, in: .project) { server, estate, caller, number in
            let job = try await server.makeWaitingJob(
                named: "open-\(number)",
                in: estate.organization,
                project: estate.isInProject ? estate.project : nil,
                team: nil
            )
            return try await server.decide("approved", job: job, as: caller).status
        },
        Operation("approve job of another team", .permission([.approveJob]), in: .project) { server, estate, caller, number in
            let job = try await server.makeWaitingJob(
                named: "closed-\(number)",
                in: estate.organization,
                project: estate.isInProject ? estate.project : nil,
                team: "others"
            )
            return try await server.decide("approved", job: job, as: caller).status
        },
        Operation("reject job of another team", .permission([.approveJob]), in: .project) { server, estate, caller, number in
            let job = try await server.makeWaitingJob(
                named: "reject-\(number)",
                in: estate.organization,
                project: estate.isInProject ? estate.project : nil,
                team: "others"
            )
            return try await server.decide("rejected", job: job, as: caller).status
        },
        Operation("read log", .member, in: .workspace) { server, estate, caller, _ in try await server.get(estate.log, as: caller).status },
    ]

    private static let states = [
        Operation("read state", .permission([.manageState]), in: .workspace) { server, estate, caller, _ in
            try await server.get(estate.state, as: caller).status
        },
        Operation("read state as Terraform does", .permission([.manageState]), in: .workspace) { server, estate, caller, _ in
            try await server.get(estate.backend, as: caller).status
        },
        Operation("lock state", .permission([.manageState]), in: .workspace) { server, estate, caller, number in
            let lock = States.lock("lock-\(number)")
            let answer = try await server.send(.lock, estate.backend, lock, as: caller)
            _ = try await server.send(.unlock, estate.backend, lock)
            return answer.status
        },
        Operation("unlock state", .permission([.manageState]), in: .workspace) { server, estate, caller, _ in
            try await server.send(.unlock, estate.backend, Data(), as: caller).status
        },
        Operation("write state", .permission([.manageState]), in: .workspace) { server, estate, caller, number in
            try await server.write(States.state(serial: number), to: estate.workspace, as: caller).status
        },
    ]
}
