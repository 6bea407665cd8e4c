import HTTPTypes
import Identity
import JSONAPI
import TestSupport
import Testing

struct PermissionTests {
    /// A team, and what its members may do.
    struct Team: Sendable {
        let name: String
        let role: String
        let flags: [String]
        let granted: Set<Permission>

        static let all: [Team] =
            [
                Team(name: "role-admin", role: "admin", flags: [], granted: Set(Permission.allCases)),
                Team(name: "role-write", role: "write", flags: [], granted: [.manageWorkspace, .manageState, .planJob, .approveJob]),
                Team(name: "role-plan", role: "plan", flags: [], granted: [.planJob]),
                Team(name: "role-read", role: "read", flags: [], granted: []),
                Team(name: "flags-of-reader", role: "read", flags: Permission.allCases.map(\.rawValue), granted: []),
                Team(name: "no-flags", role: "custom", flags: [], granted: []),
                Team(name: "all-flags", role: "custom", flags: Permission.allCases.map(\.rawValue), granted: Set(Permission.allCases)),
            ]
            + Permission.allCases.map { Team(name: $0.rawValue, role: "custom", flags: [$0.rawValue], granted: [$0]) }
    }

    @Test("every role may do what the table says, and nothing else", arguments: TestEngine.allCases)
    func roles(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            var number = 10
            for team in Team.all {
                _ = try await server.makeTeam(team.name, in: estate.organization, role: team.role, flags: team.flags)
                let member = try await server.makeUser(team.name, groups: [team.name])
                for operation in Operation.all {
                    number += 1
                    let status = try await operation.attempt(server, estate, member, number)
                    if operation.isAllowed(with: team.granted) {
                        #expect((200..<300).contains(status), "\(team.name) could not \(operation.name)")
                    } else {
                        #expect(status == 403, "\(team.name) tried to \(operation.name)")
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
