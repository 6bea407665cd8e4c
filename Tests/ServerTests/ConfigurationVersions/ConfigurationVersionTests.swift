import Foundation
import JSONAPI
import TestSupport
import Testing
import Wire

struct ConfigurationVersionTests {
    private static let uploads: [String: JSONValue] = ["source": "empty", "branch": "remote-content"]

    @Test("an upload is announced, sent once, and pinned to the jobs that follow", arguments: TestEngine.allCases)
    func upload(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization(), Self.uploads)
            let announced = try await server.announceUpload(to: workspace)
            #expect(announced.status == 201)
            let id = try #require(announced.id)
            #expect(announced.attributes["status"] == "pending")
            #expect(
                announced.attributes["upload-url"] == .string("\(TestServer.publicURL)/remote/tfe/v2/configuration-versions/\(id)/upload")
            )
            let archive = Archives.empty + Data("canary-upload".utf8)
            try await #expect(server.sendUpload(archive, id).status == 200)
            try await #expect(server.sendUpload(Archives.empty, id).status == 409)

            let job = try await server.startJob(in: workspace)
            let later = try await server.upload(Archives.empty, to: workspace)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            #expect(assignment.lease.jobID == job)
            #expect(assignment.source == .archive(configurationVersion: id))
            try await #expect(executor.control.archive(configurationVersion: id, lease: assignment.lease) == archive)
            let lease = assignment.lease
            await #expect(throws: LeaseLost.self) { try await executor.control.archive(configurationVersion: later, lease: lease) }
            try await server.expectNowhereOnDisk("canary-upload")
        }
    }

    @Test("a job on a workspace for uploads needs one", arguments: TestEngine.allCases)
    func missingUpload(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization, Self.uploads)
            let body: JSONValue = .resource("job", ["tcl": .string(Flows.plan.base64)])
            try await #expect(server.post("workspace/\(workspace)/job", body).status == 409)
            // Announced is not sent.
            try await #expect(server.announceUpload(to: workspace).status == 201)
            try await #expect(server.post("workspace/\(workspace)/job", body).status == 409)
            // Another workspace's upload does not count.
            try await server.upload(Archives.empty, to: try await server.makeWorkspace("other", in: organization, Self.uploads))
            try await #expect(server.post("workspace/\(workspace)/job", body).status == 409)
            #expect(try await server.count("job") == 0)
        }
    }

    @Test("what is no gzip file is refused, and the version stays open", arguments: TestEngine.allCases)
    func noGzip(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization(), Self.uploads)
            let id = try #require(try await server.announceUpload(to: workspace).id)
            for body in [Data(), Data("PK\u{3}\u{4}".utf8), Data([0x1f]), Data("{}".utf8)] {
                try await #expect(server.sendUpload(body, id).status == 400)
            }
            try await #expect(server.sendUpload(Archives.empty, id).status == 200)
            try await #expect(server.sendUpload(Archives.empty, "no-such-version").status == 404)
        }
    }

    @Test("only who may plan uploads", arguments: TestEngine.allCases)
    func permissions(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization, Self.uploads)
            for (name, role) in [("readers", "read"), ("planners", "plan")] {
                _ = try await server.makeTeam(name, in: organization, role: role)
            }
            let reader = try await server.makeUser("rita", groups: ["readers"])
            let planner = try await server.makeUser("paul", groups: ["planners"])
            let stranger = try await server.makeUser("sam")
            let id = try #require(try await server.announceUpload(to: workspace, as: planner).id)
            for (caller, status) in [(reader, 403), (stranger, 404), (TestServer.Caller.nobody, 401)] {
                try await #expect(server.announceUpload(to: workspace, as: caller).status == status)
                try await #expect(server.sendUpload(Archives.empty, id, as: caller).status == status)
            }
            try await #expect(server.sendUpload(Archives.empty, id, as: planner).status == 200)
            #expect(try await server.count("configuration_version") == 1)
        }
    }

    @Test("of many uploads of one version at the same moment, the one that was acknowledged is kept", arguments: TestEngine.allCases)
    func race(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization(), Self.uploads)
            let id = try #require(try await server.announceUpload(to: workspace).id)
            let accepted = try await withThrowingTaskGroup(of: (Data, Int).self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let archive = Archives.empty + Data("upload \(number)".utf8)
                        return (archive, try await server.sendUpload(archive, id).status)
                    }
                }
                return try await group.reduce(into: [Data]()) { if $1.1 == 200 { $0.append($1.0) } else { #expect($1.1 == 409) } }
            }
            try #require(accepted.count == 1)
            _ = try await server.startJob(in: workspace)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            try await #expect(executor.control.archive(configurationVersion: id, lease: assignment.lease) == accepted[0])
        }
    }
}
