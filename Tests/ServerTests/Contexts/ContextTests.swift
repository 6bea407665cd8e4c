import Database
import Foundation
import HTTPTypes
import JSONAPI
import Service
import TestSupport
import Testing
import Wire

@testable import Runs
@testable import Server

struct ContextTests {
    private static let document: JSONValue = [
        "infracost": ["total": "12.5"], "terrakubeUI": ["100": "<b>hello</b>"],
        "terraformOutputs": ["s": [["name": "p", "sensitive": true, "value": "canary-4711"]]],
    ]
    private static let shown: JSONValue = [
        "infracost": ["total": "12.5"], "terrakubeUI": ["100": "<b>hello</b>"],
        "terraformOutputs": ["s": [["name": "p", "sensitive": true, "value": nil]]],
    ]

    @Test("a context is replaced as a whole, shown and stored without what is sensitive", arguments: TestEngine.allCases)
    func replacing(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.makeJob(in: workspace, flow: Flows.plan)
            let path = "/context/v1/\(job)"
            let empty = try await server.get(path)
            #expect(empty.status == 200)
            #expect(empty.text == "{}")
            #expect(empty.headers[.contentType] == "application/json")
            let answer = try await server.send(.post, path, Self.document.serialised(), type: "application/json")
            #expect(answer.status == 200)
            #expect(answer.json == Self.shown)
            #expect(try await server.get(path).json == Self.shown)
            try await server.expectNowhereOnDisk("canary-4711")
            try await server.expectNowhereOnDisk("infracost")
            try await #expect(server.post(path, ["other": 1]).status == 200)
            #expect(try await server.get(path).json == ["other": 1])
        }
    }

    @Test("members read, planners write, and the run of the job does both", arguments: TestEngine.allCases)
    func access(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let other = try await server.makeWorkspace("other", in: organization)
            _ = try await server.makeTeam("readers", in: organization, role: "read")
            _ = try await server.makeTeam("planners", in: organization, role: "plan")
            let reader = try await server.makeUser("rita", groups: ["readers"])
            let planner = try await server.makeUser("paul", groups: ["planners"])
            let stranger = try await server.makeUser("sam")
            let job = try await server.startJob(in: workspace, flow: Flows.script)
            let assignment = try await FakeExecutor(server).claim()
            let run = TestServer.Caller.token(assignment.lease.token)
            let otherJob = try await server.makeJob(in: other, flow: Flows.plan)
            let path = "/context/v1/\(job)"
            func statuses(_ path: String, _ caller: TestServer.Caller) async throws -> [Int] {
                try await [
                    server.get(path, as: caller).status, server.post(path, [:], as: caller).status,
                ]
            }
            #expect(try await statuses(path, reader) == [200, 403])
            #expect(try await statuses(path, planner) == [200, 200])
            #expect(try await statuses(path, run) == [200, 200])
            #expect(try await statuses(path, stranger) == [404, 404])
            #expect(try await statuses(path, .nobody) == [401, 401])
            #expect(try await statuses("/context/v1/\(otherJob)", run) == [404, 404])
            for odd in ["4711", "x", "99999999999999999999", "-1"] {
                #expect(try await statuses("/context/v1/\(odd)", .administrator) == [404, 404])
                #expect(try await server.get("/context/v1/\(odd)/stream").status == 404)
            }
            #expect(try await server.get("\(path)/stream", as: stranger).status == 404)
            _ = try await FakeExecutor(server).control.complete(
                .init(stepID: assignment.step.id, outcome: .succeeded),
                lease: assignment.lease
            )
            #expect(try await statuses(path, run) == [401, 401])
        }
    }

    @Test("a job that ended badly keeps its context; one that ended well takes another", arguments: TestEngine.allCases)
    func statuses(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.makeJob(in: workspace, flow: Flows.plan)
            let path = "/context/v1/\(job)"
            for status in JobStatus.allCases {
                try await server.database.write { try $0.execute("UPDATE job SET status = \(status) WHERE id = \(job)") }
                let isOpen: Set<JobStatus> = [.pending, .waitingApproval, .approved, .queue, .running, .completed, .noChanges]
                let answer = try await server.post(path, ["status": .string(status.rawValue)])
                #expect(answer.status == (isOpen.contains(status) ? 200 : 409), "\(status)")
            }
            #expect(try await server.get(path).json == ["status": "noChanges"])
        }
    }

    @Test("what is no JSON object, or too large, is refused", arguments: TestEngine.allCases)
    func badBodies(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let path = "/context/v1/\(try await server.makeJob(in: workspace, flow: Flows.plan))"
            for body in ["", "x", "[]", "null", "{", #""text""#, String(repeating: "[", count: 100_000)] {
                try await #expect(server.send(.post, path, Data(body.utf8), type: "application/json").status == 400, "\(body.prefix(9))")
            }
            func body(_ size: Int) -> Data { Data("{\"a\":\"".utf8) + Data(repeating: 0x61, count: size - 8) + Data("\"}".utf8) }
            try await #expect(server.send(.post, path, body(ContextService.sizeLimit + 1), type: "application/json").status == 413)
            try await #expect(server.send(.post, path, body(ContextService.sizeLimit), type: "application/json").status == 200)
        }
    }

    @Test("a stream has the newest document, and an end when the job has ended", arguments: TestEngine.allCases)
    func stream(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.makeJob(in: workspace, flow: Flows.plan)
            let path = "/context/v1/\(job)"
            try await #expect(server.post(path, ["a": 1]).status == 200)
            try await #expect(server.post(path, ["a": "line\nbreak"]).status == 200)
            try await #expect(server.decide("cancelled", job: job).status == 204)
            let stream = try await server.get("\(path)/stream")
            #expect(stream.headers[.contentType] == "text/event-stream")
            let end = "event: end\ndata: \n\n"
            #expect(stream.text == "id: 2\ndata: {\"a\":\"line\\nbreak\"}\n\n" + end)
            let name = try #require(HTTPField.Name("Last-Event-ID"))
            #expect(try await server.send(.get, "\(path)/stream", headers: [name: "2"]).text == end)
            #expect(try await server.send(.get, "\(path)/stream", headers: [name: "nonsense"]).text == stream.text)
        }
    }

    @Test("a reader gets each document when it comes, and signs of life", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func following(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.makeJob(in: workspace, flow: Flows.plan)
            let contexts = ContextService(
                database: server.database,
                keyring: server.persistence.keyring,
                time: server.persistence.time,
                idleInterval: .milliseconds(20)
            )
            var reader = try await contexts.follow(job: job, after: 0, as: .system).makeAsyncIterator()
            #expect(try await reader.next() == .idle)
            func next() async throws -> ContextFollower.Element? {
                while let element = try await reader.next() {
                    if element != .idle { return element }
                }
                return nil
            }
            for number in 1...20 {
                let document: JSONValue = ["number": .integer(Int64(number))]
                _ = try await contexts.replace(document.serialised(), job: job, as: .system)
                #expect(try await next() == .changed(JobContext(version: number, document: document)))
            }
            try await #expect(server.decide("cancelled", job: job).status == 204)
            #expect(try await next() == .end)
            #expect(try await next() == nil)
        }
    }
}
