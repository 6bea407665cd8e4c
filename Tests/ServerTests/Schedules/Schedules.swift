import Database
import Foundation
import JSONAPI
import Service
import Testing

@testable import Runs
@testable import Server

/// A workspace with a schedule, and the shortest ways to look at both.
struct ScheduleFixture: Sendable {
    let server: TestServer
    let organization: String
    let workspace: String
    let template: String

    var list: String { "organization/\(organization)/workspace/\(workspace)/schedule" }

    init(_ server: TestServer, _ attributes: [String: JSONValue] = [:]) async throws {
        self.server = server
        organization = try await server.makeOrganization()
        workspace = try await server.makeWorkspace(in: organization, attributes)
        template = try await server.template("Plan", in: organization)
    }

    /// Every hour, unless `attributes` say otherwise.
    func make(_ attributes: [String: JSONValue] = [:]) async throws -> String {
        let standard: [String: JSONValue] = ["cron": "0 * * * *", "templateReference": .string(template)]
        return try await server.make("schedule", at: list, standard.merging(attributes) { _, new in new })
    }

    func change(_ schedule: String, _ attributes: [String: JSONValue]) async throws -> Answer {
        try await server.patch("\(list)/\(schedule)", .resource("schedule", id: schedule, attributes))
    }

    func attribute(_ name: String, of schedule: String) async throws -> JSONValue? {
        try await server.get("\(list)/\(schedule)").attributes[name]
    }

    /// When it fires next, also of a workspace that is gone.
    func nextFire(of schedule: String) async throws -> String? {
        let row = try await server.database.read { try $0.row("SELECT next_fire FROM schedule WHERE id = \(schedule)") }
        return try #require(row).find("next_fire", as: Date.self)?.formatted(.iso8601)
    }

    /// Lets the runner look once.
    func fire() async throws {
        try await #expect(server.server.schedules.fire())
    }

    func jobs() async throws -> [Int] {
        try await server.database.read { try $0.rows("SELECT id FROM job ORDER BY id").map { try $0.get("id") } }
    }

    /// Another server on the same database.
    func runner(time: TimeSource? = nil) throws -> ScheduleRunner {
        let jobs = JobMaker(api: try server.nativeAPI(on: server.database), ids: server.persistence.ids)
        return ScheduleRunner(database: server.database, jobs: jobs, time: time ?? server.persistence.time, logger: TestServer.logger)
    }
}
