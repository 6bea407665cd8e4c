import Foundation
import Identity
import JSONAPI
import Testing

/// Something that somebody tries, and what it takes.
struct Operation: Sendable {
    enum Requirement: Sendable {
        /// One of these.
        case permission(Set<Permission>)
        case member
        case administrator
        /// Not even an administrator.
        case never
    }

    /// Answers with the status; `number` makes names that are new each time.
    typealias Attempt = @Sendable (_ server: TestServer, _ estate: Estate, _ caller: TestServer.Caller, _ number: Int) async throws -> Int

    let name: String
    let requirement: Requirement
    let attempt: Attempt

    init(_ name: String, _ requirement: Requirement, _ attempt: @escaping Attempt) {
        self.name = name
        self.requirement = requirement
        self.attempt = attempt
    }

    func isAllowed(with granted: Set<Permission>) -> Bool {
        switch requirement {
        case .permission(let permissions): granted.isDisjoint(with: permissions) == false
        case .member: true
        case .administrator, .never: false
        }
    }

    static let all: [Operation] =
        reading + resources.flatMap(writing) + refusals + jobs + states
        + [
            Operation("update organization", .administrator) { server, estate, caller, number in
                let body: JSONValue = .resource("organization", id: estate.organization, ["description": .string("\(number)")])
                return try await server.patch("organization/\(estate.organization)", body, as: caller).status
            },
            Operation("create workspacetag", .permission([.manageWorkspace])) { server, estate, caller, number in
                let root = "organization/\(estate.organization)"
                let tag = try await server.make("tag", at: "\(root)/tag", ["name": .string("tag-\(number)")])
                let body: JSONValue = .resource("workspacetag", ["tagId": .string(tag)])
                return try await server.post("\(root)/workspace/\(estate.workspace)/workspaceTag", body, as: caller).status
            },
            Operation("announce an upload", .permission([.planJob])) { server, estate, caller, _ in
                let path = "/remote/tfe/v2/workspaces/\(estate.workspace)/configuration-versions"
                return try await server.post(path, .resource("configuration-versions"), as: caller).status
            },
        ]

    private static let reading = [
        "organization", "workspace", "variable", "globalvar", "team", "template", "vcs", "ssh", "tag", "workspacetag", "job", "step",
        "history", "schedule",
    ].map { type in
        Operation("read \(type)", .member) { server, estate, caller, _ in
            try await server.get(try #require(estate.paths[type]), as: caller).status
        }
    }

    // MARK: Resources

    private struct Kind: Sendable {
        let type: String
        let requirement: Requirement
        /// Below the organization, or below its workspace.
        let isInWorkspace: Bool
        /// The attribute that is unique.
        let key: String
        let attributes: [String: JSONValue]
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
        Kind(type: "team", requirement: .administrator, isInWorkspace: false, key: "name", attributes: ["role": "admin"]),
    ]

    private static func writing(_ kind: Kind) -> [Operation] {
        let body: @Sendable (String, Int) -> [String: JSONValue] = { verb, number in
            kind.attributes.merging([kind.key: .string("\(verb)-\(number)")]) { _, new in new }
        }
        let list: @Sendable (Estate) -> String = { estate in
            kind.isInWorkspace
                ? "organization/\(estate.organization)/workspace/\(estate.workspace)/\(kind.type)"
                : "organization/\(estate.organization)/\(kind.type)"
        }
        return [
            Operation("create \(kind.type)", kind.requirement) { server, estate, caller, number in
                try await server.post(list(estate), .resource(kind.type, body("create", number)), as: caller).status
            },
            Operation("update \(kind.type)", kind.requirement) { server, estate, caller, number in
                let id = try await server.make(kind.type, at: list(estate), body("update", number))
                let change: JSONValue = .resource(kind.type, id: id, [kind.key: .string("updated-\(number)")])
                return try await server.patch("\(list(estate))/\(id)", change, as: caller).status
            },
            Operation("delete \(kind.type)", kind.requirement) { server, estate, caller, number in
                let id = try await server.make(kind.type, at: list(estate), body("delete", number))
                return try await server.delete("\(list(estate))/\(id)", as: caller).status
            },
        ]
    }

    private static let refusals = ["history", "step", "job"].map { type in
        Operation("delete \(type)", .never) { server, estate, caller, _ in
            try await server.delete(try #require(estate.paths[type]), as: caller).status
        }
    }

    // MARK: Jobs and state

    private static let jobs = [
        Operation("create job", .permission([.planJob, .approveJob])) { server, estate, caller, _ in
            let tcl: [String: JSONValue] = ["tcl": .string(Flows.plan.base64)]
            return try await server.post("workspace/\(estate.workspace)/job", .resource("job", tcl), as: caller).status
        },
        Operation("cancel job", .permission([.planJob, .approveJob])) { server, estate, caller, _ in
            let job = try await server.makeJob(in: estate.workspace, flow: Flows.plan)
            return try await server.decide("cancelled", job: job, as: caller).status
        },
        Operation("approve job without a team", .member) { server, estate, caller, number in
            let job = try await server.makeWaitingJob(named: "open-\(number)", in: estate.organization, team: nil)
            return try await server.decide("approved", job: job, as: caller).status
        },
        Operation("approve job of another team", .permission([.approveJob])) { server, estate, caller, number in
            let job = try await server.makeWaitingJob(named: "closed-\(number)", in: estate.organization, team: "others")
            return try await server.decide("approved", job: job, as: caller).status
        },
        Operation("reject job of another team", .permission([.approveJob])) { server, estate, caller, number in
            let job = try await server.makeWaitingJob(named: "reject-\(number)", in: estate.organization, team: "others")
            return try await server.decide("rejected", job: job, as: caller).status
        },
        Operation("read log", .member) { server, estate, caller, _ in try await server.get(estate.log, as: caller).status },
    ]

    private static let states = [
        Operation("read state", .permission([.manageState])) { server, estate, caller, _ in
            try await server.get(estate.state, as: caller).status
        },
        Operation("read state as Terraform does", .permission([.manageState])) { server, estate, caller, _ in
            try await server.get(estate.backend, as: caller).status
        },
        Operation("lock state", .permission([.manageState])) { server, estate, caller, number in
            let lock = States.lock("lock-\(number)")
            let answer = try await server.send(.lock, estate.backend, lock, as: caller)
            _ = try await server.send(.unlock, estate.backend, lock)
            return answer.status
        },
        Operation("unlock state", .permission([.manageState])) { server, estate, caller, _ in
            try await server.send(.unlock, estate.backend, Data(), as: caller).status
        },
        Operation("write state", .permission([.manageState])) { server, estate, caller, number in
            try await server.write(States.state(serial: number), to: estate.workspace, as: caller).status
        },
    ]
}
