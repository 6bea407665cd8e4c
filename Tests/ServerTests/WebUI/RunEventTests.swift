import Foundation
import HTTPTypes
import Runs
import TestSupport
import Testing
import Wire

@testable import WebUI

struct RunEventTests {
    private static let flow = """
        flow:
        - type: "terraformPlan"
          step: 100
          name: "Plan"
        - type: "terraformApply"
          step: 200
          name: "Apply"

        """

    /// The events of a run until it is over, with a rendering that only names statuses.
    private func events(of run: Int, after position: LogPosition? = nil, in fixture: PageFixture) -> RunEvents {
        RunEvents(
            run: run,
            after: position,
            jobs: fixture.jobs,
            logs: fixture.logs,
            principal: fixture.administrator,
            render: { "\($0.summary.job.status): " + $0.steps.map { "\($0.status)" }.joined(separator: " ") }
        )
    }

    private func text(of events: [ServerSentEvent]) -> String {
        events.filter { $0.name == "log" }.map { $0.data.split(separator: "\n", maxSplits: 1).last.map(String.init) ?? "" }.joined()
            .replacing(/<[^>]*>/, with: "")
    }

    @Test("readers see everything of a run that goes on, and then the end", arguments: TestEngine.allCases)
    func live(engine: TestEngine) async throws {
        try await PageFixture.with(engine) { fixture in
            let (run, workspace) = try await fixture.makeRun(flow: Self.flow)
            let readers = [events(of: run, in: fixture), events(of: run, in: fixture)]
            try await withThrowingTaskGroup(of: [ServerSentEvent].self) { group in
                for reader in readers {
                    group.addTask { try await reader.reduce(into: []) { $0.append($1) } }
                }
                let assignment = try await fixture.claim(workspace: workspace)
                let next = try await fixture.finish(
                    assignment.step,
                    "plan 1\nplan 2\n",
                    .planned(hasChanges: true),
                    lease: assignment.lease
                )
                guard case .run(let apply) = next else { throw LeaseLost() }
                try await fixture.queue.begin(step: apply.id, commit: nil, lease: assignment.lease)
                for (number, offset) in [(1, 0), (2, 8), (3, 16)] {
                    let chunk = LogChunk(stepID: apply.id, offset: offset, bytes: Data("apply \(number)\n".utf8))
                    try await fixture.queue.append(chunk, lease: assignment.lease)
                }
                _ = try await fixture.queue.complete(StepResult(stepID: apply.id, outcome: .succeeded), lease: assignment.lease)
                for try await events in group {
                    #expect(text(of: events) == "plan 1\nplan 2\napply 1\napply 2\napply 3\n")
                    #expect(events.last?.name == "end")
                    #expect(events.last { $0.name == "steps" }?.data == "completed: completed completed")
                    #expect(events.last { $0.name == "log" }?.id == "200.24")
                }
            }
        }
    }

    @Test("whoever comes back with any id gets exactly the rest")
    func resumption() async throws {
        try await PageFixture.with { fixture in
            let (run, workspace) = try await fixture.makeRun(flow: Self.flow)
            let assignment = try await fixture.claim(workspace: workspace)
            let output = String((1...450).map { "\u{1B}[3\($0 % 8)mline \($0)\n" }.joined())
            let next = try await fixture.finish(assignment.step, output, .planned(hasChanges: true), lease: assignment.lease)
            guard case .run(let apply) = next else { throw LeaseLost() }
            try await fixture.finish(apply, "applied", .succeeded, lease: assignment.lease)
            let all = try await events(of: run, in: fixture).reduce(into: []) { $0.append($1) }
            let logs = all.filter { $0.name == "log" }
            #expect(logs.count == 4)
            for (index, event) in logs.enumerated() {
                let position = try #require(event.id.flatMap { LogPosition($0) })
                let rest = try await events(of: run, after: position, in: fixture).reduce(into: []) { $0.append($1) }
                #expect(rest.filter { $0.name == "log" } == Array(logs[(index + 1)...]))
                #expect(rest.last?.name == "end")
            }
        }
    }

    @Test("a step that is taken back from a dead executor begins anew on the page")
    func restart() async throws {
        try await PageFixture.with { fixture in
            let (run, workspace) = try await fixture.makeRun(flow: Self.flow)
            let first = try await fixture.claim(workspace: workspace)
            try await fixture.queue.begin(step: first.step.id, commit: nil, lease: first.lease)
            try await fixture.queue.append(LogChunk(stepID: first.step.id, offset: 0, bytes: Data("lost\n".utf8)), lease: first.lease)
            var reader = events(of: run, in: fixture).makeAsyncIterator()
            var seen: [ServerSentEvent] = []
            while let event = try await reader.next() {
                seen.append(event)
                if event.name == "log" { break }
            }
            try await fixture.queue.recover(node: "node")
            while let event = try await reader.next() {
                seen.append(event)
                if event.name == "restart" { break }
            }
            #expect(seen.last?.id == "100.0")
            #expect(seen.last?.data == first.step.id)
            let second = try await fixture.queue.claim(executor: "node/2")
            try await fixture.finish(second.step, "again\n", .planned(hasChanges: false), lease: second.lease)
            seen = []
            while let event = try await reader.next() { seen.append(event) }
            #expect(text(of: seen) == "again\n")
            #expect(seen.last?.name == "end")
        }
    }

    @Test("a browser is sent fragments that fit its page")
    func stream() async throws {
        try await PageFixture.with { fixture in
            let (run, workspace) = try await fixture.makeRun(flow: Self.flow)
            let assignment = try await fixture.claim(workspace: workspace)
            try await fixture.finish(assignment.step, "one\ntwo\n", .planned(hasChanges: false), lease: assignment.lease)
            try await fixture.browse { browser in
                let browser = try await browser.signedIn()
                let stream = try await browser.get("/runs/\(run)/events?after=100.4")
                #expect(stream.headers[.contentType] == "text/event-stream")
                #expect(
                    stream.text.contains(
                        "event: log\nid: 100.8\ndata: \(assignment.step.id)\ndata: <span class=\"lines\">two\ndata: </span>\n\n"
                    )
                )
                #expect(stream.text.contains("<header class=\"run-head\" id=\"run-status\""))
                #expect(stream.text.contains("<summary id=\"summary-\(assignment.step.id)\""))
                #expect(stream.text.hasSuffix("event: end\ndata: \n\n"))
                let lastEventID = try #require(HTTPField.Name("Last-Event-ID"))
                let resumed = try await browser.get("/runs/\(run)/events?after=100.0", headers: [lastEventID: "100.8"])
                #expect(resumed.text.contains("event: log") == false)
                #expect(try await TestBrowser(client: browser.client).get("/runs/\(run)/events").status == 303)
            }
        }
    }
}
