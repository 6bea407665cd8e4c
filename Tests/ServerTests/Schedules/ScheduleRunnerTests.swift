import Database
import Foundation
import JSONAPI
import Service
import TestSupport
import Testing

@testable import Runs

struct ScheduleRunnerTests {
    @Test("when its moment comes a schedule makes a job like one that is posted", arguments: TestEngine.allCases)
    func firing(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let schedule = try await fixture.make()
            try await fixture.fire()
            #expect(try await fixture.jobs() == [])
            // 02:40:00 and a little; it is due at 03:00:00.
            server.clock.advance(seconds: 1_199)
            try await fixture.fire()
            #expect(try await fixture.jobs() == [])
            server.clock.advance(seconds: 1)
            try await fixture.fire()
            let scheduled = try #require(try await fixture.jobs().first)
            #expect(try await server.attribute("via", ofJob: scheduled) == "Schedule")
            #expect(try await server.attribute("createdBy", ofJob: scheduled) == "serviceAccount")
            #expect(try await fixture.attribute("lastFire", of: schedule) == "2026-02-02T03:00Z")
            #expect(try await fixture.attribute("nextFire", of: schedule) == "2026-02-02T04:00Z")
            try await fixture.fire()
            #expect(try await fixture.jobs() == [scheduled])

            let posted = try await server.make(
                "job",
                at: "workspace/\(fixture.workspace)/job",
                ["templateReference": .string(fixture.template), "via": "Schedule"]
            )
            #expect(try await row(of: scheduled, server) == row(of: try #require(Int(posted)), server))
            #expect(try await server.steps(job: scheduled) == ["100: pending"])
            try await server.schedule(fixture.workspace)
            #expect(try await server.status(job: scheduled) == "queue")
        }
    }

    @Test("what was missed while no server ran fires once", arguments: TestEngine.allCases)
    func missed(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let schedule = try await fixture.make()
            server.clock.advance(seconds: 86_400 * 3)
            try await fixture.fire()
            try await fixture.fire()
            #expect(try await fixture.jobs().count == 1)
            #expect(try await fixture.attribute("lastFire", of: schedule) == "2026-02-02T03:00Z")
            #expect(try await fixture.attribute("nextFire", of: schedule) == "2026-02-05T03:00Z")
        }
    }

    @Test("of many servers exactly one makes the job of a moment", arguments: TestEngine.allCases)
    func contention(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            for minute in 0..<5 { _ = try await fixture.make(["cron": .string("\(minute) 3 * * *")]) }
            server.clock.advance(seconds: 3_600)
            let runners = try (0..<8).map { _ in try fixture.runner() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for runner in runners {
                    group.addTask { try await #expect(runner.fire()) }
                }
                try await group.waitForAll()
            }
            #expect(try await fixture.jobs().count == 5)
            // A second claim of the same moment would have found an unfinished job.
            let results = try await server.get(fixture.list).values("lastResult").compactMap(\.string)
            #expect(results.count == 5)
            #expect(results.allSatisfy { $0.hasPrefix("Started") }, "\(results)")
        }
    }

    @Test("a schedule that is disabled, changed or deleted in time does not fire", arguments: TestEngine.allCases)
    func changes(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let disabled = try await fixture.make()
            let postponed = try await fixture.make()
            let deleted = try await fixture.make()
            try await #expect(fixture.change(disabled, ["enabled": false]).status == 204)
            try await #expect(fixture.change(postponed, ["cron": "30 3 * * *"]).status == 204)
            try await #expect(server.delete("\(fixture.list)/\(deleted)").status == 204)
            server.clock.advance(seconds: 1_300)
            try await fixture.fire()
            #expect(try await fixture.jobs() == [])
            server.clock.advance(seconds: 1_800)
            try await fixture.fire()
            #expect(try await fixture.jobs().count == 1)
        }
    }

    @Test("a locked workspace, an unfinished job and a missing configuration skip a moment", arguments: TestEngine.allCases)
    func skipping(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server, ["locked": true, "source": "empty", "branch": "remote-content"])
            let schedule = try await fixture.make()
            func advance() async throws -> String {
                server.clock.advance(seconds: 3_600)
                try await fixture.fire()
                return try await fixture.attribute("lastResult", of: schedule)?.string ?? ""
            }
            #expect(try await advance() == "Skipped: The workspace is locked.")
            try await #expect(
                server.patch("workspace/\(fixture.workspace)", .resource("workspace", id: fixture.workspace, ["locked": false])).status
                    == 204
            )
            #expect(try await advance() == "Skipped: The workspace network has no uploaded configuration yet, and no repository.")
            #expect(try await fixture.jobs() == [])
            try await server.upload(Archives.empty, to: fixture.workspace)
            let first = "Started job 1."
            #expect(try await advance() == first)
            #expect(try await advance() == "Skipped: Job 1, which the schedule started before, is not over.")
            #expect(try await fixture.jobs() == [1])
            try await #expect(server.decide("cancelled", job: 1).status == 204)
            #expect(try await advance() == "Started job 2.")
            #expect(try await fixture.attribute("nextFire", of: schedule) == "2026-02-02T08:00Z")
            try await #expect(server.decide("cancelled", job: 2).status == 204)
            try await #expect(server.delete("organization/\(fixture.organization)/template/\(fixture.template)").status == 204)
            #expect(try await advance().hasPrefix("Skipped: There is no template"))
        }
    }

    @Test("the schedules of a workspace that is gone end", arguments: TestEngine.allCases)
    func goneWorkspace(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let other = try await server.makeWorkspace("other", in: fixture.organization)
            let first = try await fixture.make()
            let second = try await server.make(
                "schedule",
                at: "workspace/\(other)/schedule",
                ["cron": "0 * * * *", "templateReference": .string(fixture.template)]
            )
            let deletion: JSONValue = .resource("workspace", id: fixture.workspace, ["deleted": true])
            try await #expect(server.patch("workspace/\(fixture.workspace)", deletion).status == 204)
            server.clock.advance(seconds: 3_600)
            try await fixture.fire()
            #expect(try await fixture.nextFire(of: first) == nil)
            #expect(try await fixture.nextFire(of: second) == "2026-02-02T04:00:00Z")
            #expect(try await fixture.jobs().count == 1)
            let disabling: JSONValue = .resource("organization", id: fixture.organization, ["disabled": true])
            try await #expect(server.patch("organization/\(fixture.organization)", disabling).status == 204)
            server.clock.advance(seconds: 3_600)
            try await fixture.fire()
            #expect(try await fixture.nextFire(of: second) == nil)
            #expect(try await fixture.jobs().count == 1)
        }
    }

    @Test("a schedule whose years are over ends with its last moment", arguments: TestEngine.allCases)
    func lastMoment(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let schedule = try await fixture.make(["cron": "0 0 3 2 2 ? 2026"])
            server.clock.advance(seconds: 3_600)
            try await fixture.fire()
            #expect(try await fixture.jobs().count == 1)
            #expect(try await fixture.attribute("nextFire", of: schedule) == .null)
            #expect(try await fixture.change(schedule, ["description": "done"]).status == 204)
            #expect(try await fixture.change(schedule, ["cron": "0 0 3 3 2 ? 2026"]).status == 204)
            #expect(try await fixture.attribute("nextFire", of: schedule) == "2026-02-03T03:00Z")
        }
    }

    @Test("a running runner wakes when a schedule is made, and at its moments", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func service(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let start = server.clock.now()
            let begin = ContinuousClock.now
            let time = TimeSource { start + (ContinuousClock.now - begin) / .seconds(1) }
            let runner = try fixture.runner(time: time)
            let changes = server.database.changes()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await runner.run() }
                let schedule = try await fixture.make(["cron": "0 0 0 1 1 ?", "tcl": .string(Flows.script.base64)])
                try await #expect(fixture.change(schedule, ["cron": "* * * * * ?"]).status == 204)
                var jobs: [Int] = []
                for await change in changes where change.topic == JobEvents.jobTopic || change == .everything {
                    jobs = try await fixture.jobs()
                    if jobs.count == 2 { break }
                    // Else the second moment is skipped.
                    if let job = jobs.first, try await server.status(job: job) == "pending" {
                        try await #expect(server.decide("cancelled", job: job).status == 204)
                    }
                }
                #expect(jobs.count == 2)
                group.cancelAll()
            }
        }
    }

    /// All of a job's columns that don't tell one job from another.
    private func row(of job: Int, _ server: TestServer) async throws -> [String: String] {
        let own: Set = ["id", "created_by", "created_date", "updated_by", "updated_date"]
        let names = try await server.database.read { connection -> [String] in
            switch connection.dialect {
            case .sqlite:
                return try connection.rows("SELECT name FROM pragma_table_info('job')").map { try $0.get("name") }
            case .postgres:
                let columns: SQL = "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'job'"
                return try connection.rows(columns).map { try $0.get("name") }
            }
        }
        let row = try await server.database.read { try $0.row("SELECT * FROM job WHERE id = \(job)") }
        let found = try #require(row)
        return try Dictionary(
            names.filter { own.contains($0) == false }.map { ($0, "\(try found.raw($0))") },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
