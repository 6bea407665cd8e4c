import HTTPTypes
import Identity
import JSONAPI
import TestSupport
import Testing

struct PermissionTests {
    /// A row of access, and what it grants at a level.
    struct Grant: Sendable {
        let name: String
        let role: String
        let flags: [String]
        let granted: Set<Permission>

        static func all(at level: AccessLevel) -> [Grant] {
            let everything: Set<Permission> =
                switch level {
                case .organization: Set(Permission.allCases)
                case .project: [.manageWorkspace, .manageState, .planJob, .approveJob, .manageProject]
                case .workspace: [.manageWorkspace, .manageState, .planJob, .approveJob]
                }
            let flags = Permission.allCases.filter { $0 != .manageProject && everything.contains($0) }
            // Who manages all workspaces manages the projects; in a project, only its administrators do.
            let implied: Set<Permission> = level == .organization ? [.manageProject] : []
            let four: Set<Permission> = [.manageWorkspace, .manageState, .planJob, .approveJob]
            return [
                Grant(name: "role-admin", role: "admin", flags: [], granted: everything),
                Grant(name: "role-write", role: "write", flags: [], granted: four.union(implied)),
                Grant(name: "role-plan", role: "plan", flags: [], granted: [.planJob]),
                Grant(name: "role-read", role: "read", flags: [], granted: []),
                Grant(name: "flags-of-reader", role: "read", flags: flags.map(\.rawValue), granted: []),
                Grant(name: "no-flags", role: "custom", flags: [], granted: []),
                Grant(name: "all-flags", role: "custom", flags: flags.map(\.rawValue), granted: Set(flags).union(implied)),
            ]
                + flags.map { flag in
                    let granted: Set<Permission> = flag == .manageWorkspace ? implied.union([flag]) : [flag]
                    return Grant(name: flag.rawValue, role: "custom", flags: [flag.rawValue], granted: granted)
                }
        }

        /// Gives the access to a group of the same name.
        func give(at level: AccessLevel, in estate: Estate, on server: TestServer) async throws {
            var attributes: [String: JSONValue] = ["name": .string(name), "role": .string(role)]
            for flag in flags { attributes[flag] = true }
            switch level {
            case .organization: _ = try await server.make("team", at: "organization/\(estate.organization)/team", attributes)
            case .project:
                _ = try await server.make("project_access", at: "\(try #require(estate.paths["project"]))/projectAccess", attributes)
            case .workspace: _ = try await server.make("access", at: "\(try #require(estate.paths["workspace"]))/access", attributes)
            }
        }
    }

    @Test(
        "every role, at every level, may do what the table says, and nothing else",
        arguments: [
            (TestEngine.sqlite, AccessLevel.organization, false), (.postgres, .organization, false), (.sqlite, .organization, true),
            (.postgres, .organization, true), (.sqlite, .project, true), (.postgres, .project, true), (.sqlite, .workspace, false),
            (.postgres, .workspace, true),
        ]
    )
    func roles(engine: TestEngine, level: AccessLevel, inProject: Bool) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server, inProject: inProject)
            var number = 10
            for grant in Grant.all(at: level) {
                try await grant.give(at: level, in: estate, on: server)
                let member = try await server.makeUser(grant.name, groups: [grant.name])
                for operation in Operation.all {
                    number += 1
                    let status = try await operation.attempt(server, estate, member, number)
                    if operation.isAllowed(with: grant.granted, at: level, in: estate) {
                        #expect((200..<300).contains(status), "\(grant.name) could not \(operation.name)")
                    } else {
                        #expect([403, 404].contains(status), "\(grant.name) tried to \(operation.name)")
                    }
                }
            }
        }
    }

    @Test("an administrator may do everything that is possible, without a team", arguments: TestEngine.allCases)
    func administrators(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            for (number, operation) in Operation.all.enumerated() {
                let status = try await operation.attempt(server, estate, .administrator, number + 10)
                if case .never = operation.requirement {
                    #expect(status == 403, "\(operation.name)")
                } else {
                    #expect((200..<300).contains(status), "\(operation.name)")
                }
            }
        }
    }

    @Test("for who is in no team of it, an organization is not there", arguments: TestEngine.allCases)
    func strangers(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            let own = try await server.makeOrganization("own")
            _ = try await server.makeTeam("strangers", in: own, role: "admin")
            let stranger = try await server.makeUser("stranger", groups: ["strangers"])
            for (number, operation) in Operation.all.enumerated() {
                let status = try await operation.attempt(server, estate, stranger, number + 10)
                #expect(status == 404, "\(operation.name)")
            }
            for (type, path) in estate.paths {
                #expect(try await server.get(path, as: stranger).status == 404, "\(type)")
            }
            #expect(try await server.get("organization", as: stranger).ids == [own])
            let own5 = try await server.get("template", as: stranger).ids
            #expect(own5.count == 5)
            for root in ["workspace", "step", "address"] {
                #expect(try await server.get(root, as: stranger).ids == [], "\(root)")
            }
            for (type, path) in estate.paths where ["workspace", "template", "step"].contains(type) {
                let id = try #require(path.split(separator: "/").last)
                #expect(try await server.get("\(type)/\(id)", as: stranger).status == 404, "\(type)")
            }
        }
    }

    @Test("nobody gets anywhere without a token", arguments: TestEngine.allCases)
    func anonymous(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            for (number, operation) in Operation.all.enumerated() {
                let status = try await operation.attempt(server, estate, .nobody, number + 10)
                #expect(status == 401, "\(operation.name)")
            }
            for path in ["/pat/v1", "\(estate.log)/stream", "/api/v1/no-such-type"] {
                let answer = try await server.get(path, as: .nobody)
                #expect(answer.status == 401, "\(path)")
                #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            }
            #expect(try await server.get("/health", as: .nobody).status == 200)
        }
    }
}
