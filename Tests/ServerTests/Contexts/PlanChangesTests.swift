import Foundation
import JSONAPI
import Service
import TestSupport
import Testing
import Wire

@testable import Runs
@testable import Server

struct PlanChangesTests {
    /// What `terraform show -json` says about a plan, shortened.
    private static let plan: JSONValue = [
        "format_version": "1.2",
        "resource_drift": [["address": "a.changed", "change": ["actions": ["update"]]]],
        "resource_changes": [
            [
                "address": "module.m.a.new", "module_address": "module.m", "type": "a", "name": "new",
                "change": [
                    "actions": ["create"], "before": nil, "after": ["size": 1, "password": "canary-4712"],
                    "after_unknown": ["id": true], "before_sensitive": false, "after_sensitive": ["password": true],
                ],
            ],
            [
                "address": "a.changed", "type": "a", "name": "changed",
                "change": ["actions": ["delete", "create"], "before": ["size": 1], "after": ["size": 2]],
            ],
            ["address": "a.same", "type": "a", "name": "same", "change": ["actions": ["no-op"], "before": [:], "after": [:]]],
            [
                "address": "a.taken", "type": "a", "name": "taken",
                "change": ["actions": ["no-op"], "importing": ["id": "x-1"], "before": [:], "after": [:]],
            ],
        ],
    ]

    @Test("a plan's changes have Terrakube's names; what stays as it is is left out")
    func list() {
        let changes = PlanChanges.list(in: Self.plan)
        #expect(changes.map { $0["address"] } == ["module.m.a.new", "a.changed", "a.taken"])
        #expect(changes.map { $0["action"] } == ["create", "replace", "import"])
        #expect(changes.map { $0["driftAction"] } == [nil, "update", nil])
        #expect(changes.map { $0["moduleAddress"] } == ["module.m", nil, nil])
        #expect(changes[1]["before"] == ["size": 1])
        #expect(changes[2]["importing"] == ["id": "x-1"])
        #expect(PlanChanges.list(in: [:]) == [])
    }

    @Test("the changes of a plan come into the job's context, without what is sensitive", arguments: TestEngine.allCases)
    func context(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.startJob(in: workspace, flow: Flows.plan)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            let step = assignment.step.id
            let path = "/context/v1/\(job)"
            try await #expect(server.post(path, ["terrakubeUI": [step: "<b>mine</b>"], "own": 1]).status == 200)
            for _ in 0..<2 {
                try await executor.control.storePlanDocument(Self.plan.serialised(), step: step, lease: assignment.lease)
            }
            let context = try await server.get(path).json
            #expect(context["own"] == 1)
            #expect(context["terrakubeUI"]?[step] == "<b>mine</b>")
            let changes = try #require(context["planStructuredOutput"]?[step]?.array)
            #expect(changes.count == 3)
            #expect(changes[0]["after"] == ["size": 1, "password": nil])
            try await server.expectNowhereOnDisk("canary-4712")
            let stream = try await ContextService(
                database: server.database,
                keyring: server.persistence.keyring,
                time: server.persistence.time
            ).follow(job: job, after: 1, as: .system)
            var reader = stream.makeAsyncIterator()
            // The second time changed nothing.
            #expect(try await reader.next() == .changed(JobContext(version: 2, document: context)))
        }
    }

    @Test("a plan that is no JSON, or too large, leaves the context as it is", arguments: TestEngine.allCases)
    func oddPlans(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.startJob(in: workspace, flow: Flows.plan)
            let executor = FakeExecutor(server)
            let assignment = try await executor.claim()
            let large: JSONValue = [
                "resource_changes": [
                    ["address": .string(String(repeating: "a", count: ContextService.sizeLimit)), "change": ["actions": ["create"]]]
                ]
            ]
            for plan in [Data("no".utf8), large.serialised()] {
                try await executor.control.storePlanDocument(plan, step: assignment.step.id, lease: assignment.lease)
                #expect(try await server.get("/context/v1/\(job)").text == "{}")
            }
        }
    }
}
