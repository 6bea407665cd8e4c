import JSONAPI
import TestSupport
import Testing

struct ScheduleTests {
    @Test("a schedule is made, shown with its next moment, changed and deleted", arguments: TestEngine.allCases)
    func lifecycle(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let answer = try await server.post(
                fixture.list,
                .resource("schedule", ["cron": "0 0/5 14 * * ?", "templateReference": .string(fixture.template), "description": "drift"])
            )
            try #require(answer.status == 201, "\(answer.text)")
            let schedule = try #require(answer.id)
            #expect(answer.attributes["enabled"] == true)
            #expect(answer.attributes["nextFire"] == "2026-02-02T14:00Z")
            #expect(answer.attributes["lastFire"] == .null)
            #expect(answer.attributes["createdBy"]?.string?.isEmpty == false)
            #expect(try await server.get(fixture.list).ids == [schedule])
            let included = try await server.get("organization/\(fixture.organization)/workspace/\(fixture.workspace)?include=schedule")
            #expect(included.json["included"]?.array?.first?["id"] == .string(schedule))

            try await #expect(fixture.change(schedule, ["cron": "30 14 * * *"]).status == 204)
            #expect(try await fixture.attribute("nextFire", of: schedule) == "2026-02-02T14:30Z")
            try await #expect(fixture.change(schedule, ["enabled": false]).status == 204)
            #expect(try await fixture.attribute("nextFire", of: schedule) == .null)
            server.clock.advance(seconds: 86_400)
            try await #expect(fixture.change(schedule, ["enabled": true, "nextFire": "2020-01-01T00:00Z", "name": "x"]).status == 204)
            #expect(try await fixture.attribute("nextFire", of: schedule) == "2026-02-03T14:30Z")
            try await #expect(server.delete("\(fixture.list)/\(schedule)").status == 204)
            #expect(try await server.count("schedule") == 0)
        }
    }

    @Test("what can't fire is refused, with the attribute that is wrong", arguments: TestEngine.allCases)
    func refusals(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let elsewhere = try await server.makeOrganization("other")
            let foreign = try await server.template("Plan", in: elsewhere)
            let schedule = try await fixture.make()
            let template = JSONValue.string(fixture.template)
            let cases: [([String: JSONValue], String)] = [
                (["templateReference": template], "cron"),
                (["cron": "61 * * * *", "templateReference": template], "cron"),
                (["cron": "0 0 0 30 2 ?", "templateReference": template], "cron"),
                (["cron": "0 0 0 1 1 ? 2025", "templateReference": template], "cron"),
                (["cron": "0 0 0 30 2 ?", "templateReference": template, "enabled": false], "cron"),
                (["cron": "0 * * * *"], "templateReference"),
                (["cron": "0 * * * *", "templateReference": ""], "templateReference"),
                (["cron": "0 * * * *", "templateReference": .string(foreign)], "templateReference"),
                (["cron": "0 * * * *", "templateReference": "none"], "templateReference"),
            ]
            for (attributes, wrong) in cases {
                let made = try await server.post(fixture.list, .resource("schedule", attributes))
                #expect(made.status == 400, "\(attributes)")
                #expect(made.pointer == "/data/attributes/\(wrong)", "\(attributes)")
                guard attributes.count > 1 else { continue }
                try await #expect(fixture.change(schedule, attributes).status == 400, "\(attributes)")
            }
            #expect(try await server.post(fixture.list, .resource("schedule", cases[1].0)).detail.contains("minutes"))
            #expect(try await server.count("schedule") == 1)
            #expect(try await fixture.attribute("cron", of: schedule) == "0 * * * *")
        }
    }

    @Test("a schedule may have a flow of its own instead of a template", arguments: TestEngine.allCases)
    func ownFlow(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let fixture = try await ScheduleFixture(server)
            let schedule = try await fixture.make(["templateReference": nil, "tcl": .string(Flows.script.base64)])
            server.clock.advance(seconds: 3_600)
            try await fixture.fire()
            let job = try #require(try await fixture.jobs().first)
            #expect(try await server.steps(job: job) == ["100: pending"])
            #expect(try await server.attribute("tcl", ofJob: job) == .string(Flows.script.base64))
            #expect(try await fixture.attribute("lastResult", of: schedule) == .string("Started job \(job)."))
        }
    }
}
