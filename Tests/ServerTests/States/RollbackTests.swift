import Foundation
import HTTPTypes
import JSONAPI
import TestSupport
import Testing

struct RollbackTests {
    @Test("an older version comes back as a new one, with a serial that grows and all else as it was", arguments: TestEngine.allCases)
    func rollback(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            // A number that no Double holds, and the word where it does not count.
            let first = Data(
                #"{"version":4,"outputs":{"serial":{"value":12345678901234567890123,"type":"number"}},"lineage":"serial","serial": 1}"#.utf8
            )
            let second = Data(#"{"version":4,"serial":7,"lineage":"serial","outputs":{}}"#.utf8)
            for state in [first, second] { try await #expect(server.write(state, to: workspace).status == 200) }
            let versions = try await server.get("workspace/\(workspace)/history?sort=serial").ids
            let path = "/tfstate/v1/organization/\(organization)/workspace/\(workspace)/rollback"
            let answer = try await server.send(.put, "\(path)/\(versions[0]).json", Data())
            #expect(answer.status == 201)
            #expect(answer.text == "Rollback successful")
            let now = try await server.currentState(workspace).text
            #expect(now == String(decoding: first, as: UTF8.self).replacing(#""serial": 1}"#, with: #""serial": 8}"#))
            #expect(try await server.get("workspace/\(workspace)/history").ids.count == 3)
        }
    }

    @Test("a rollback needs manageState, the lock's absence, and a version of the workspace", arguments: TestEngine.allCases)
    func refusals(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            for serial in [1, 2] { try await #expect(server.write(States.state(serial: serial), to: workspace).status == 200) }
            let version = try await server.get("workspace/\(workspace)/history?sort=serial").ids[0]
            let path = "/tfstate/v1/organization/\(organization)/workspace/\(workspace)/rollback"
            _ = try await server.makeTeam("planners", in: organization, role: "plan")
            let planner = try await server.makeUser("planner", groups: ["planners"])
            #expect(try await server.send(.put, "\(path)/\(version).json", Data(), as: planner).status == 403)
            #expect(try await server.send(.put, "\(path)/no-such.json", Data()).status == 404)
            try await #expect(server.lock("held", workspace).status == 200)
            #expect(try await server.send(.put, "\(path)/\(version).json", Data()).status == 423)
            #expect(try await server.get("workspace/\(workspace)/history").ids.count == 2)
        }
    }
}
