import Database
import TestSupport
import Testing
import Wire

@testable import WebUI

struct RunPageTests {
    @Test("a newcomer is told how to make the first run")
    func empty() async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let page = try await browser.signedIn().get("/")
                #expect(page.text.contains("No runs yet"))
                #expect(page.text.contains("terrakube run --dir examples/hello"))
            }
        }
    }

    @Test("the home page lists runs, and a run's page shows its steps and its output", arguments: TestEngine.allCases)
    func run(engine: TestEngine) async throws {
        try await PageFixture.with(engine) { fixture in
            let (run, workspace) = try await fixture.makeRun()
            let assignment = try await fixture.claim(workspace: workspace)
            let output = "\u{1B}[32m+ create\u{1B}[0m <b>\n"
            let next = try await fixture.finish(assignment.step, output, .planned(hasChanges: true), lease: assignment.lease)
            #expect(next == .pause)
            try await fixture.browse { browser in
                let browser = try await browser.signedIn()
                let list = try await browser.get("/").text
                #expect(list.contains(#"<a href="/runs/\#(run)">#\#(run)</a>"#))
                #expect(list.contains("net&lt;b&gt;work"))
                #expect(list.contains("Needs approval"))
                let page = try await browser.get("/runs/\(run)").text
                #expect(page.contains(#"<span class="lines"><span class="fg2">+ create</span> &lt;b&gt;"#))
                #expect(page.contains("<code>01234567</code>"))
                #expect(page.contains(#"<noscript><meta http-equiv="refresh" content="3"></noscript>"#))
                #expect(page.contains(#"data-events="/runs/\#(run)/events?after=150.0""#))
            }
        }
    }

    @Test(
        "approving, rejecting and cancelling are forms",
        arguments: [("approve", "Approved"), ("reject", "Rejected"), ("cancel", "Cancelled")]
    )
    func decisions(verb: String, label: String) async throws {
        try await PageFixture.with { fixture in
            let (run, workspace) = try await fixture.makeRun()
            let assignment = try await fixture.claim(workspace: workspace)
            try await fixture.finish(assignment.step, "plan\n", .planned(hasChanges: true), lease: assignment.lease)
            try await fixture.browse { browser in
                let anonymous = try await browser.post("/runs/\(run)/\(verb)", ["csrf": "guess"])
                #expect(anonymous.location == "/login?next=/runs/\(run)")
                let browser = try await browser.signedIn()
                let page = try await browser.get("/runs/\(run)")
                #expect(page.text.contains(#"action="/runs/\#(run)/\#(verb)""#))
                #expect(try await browser.post("/runs/\(run)/\(verb)", ["csrf": "guess"]).status == 403)
                #expect(try await browser.post("/runs/\(run)/\(verb)", [:]).status == 403)
                #expect(try await browser.get("/runs/\(run)").text.contains("Needs approval"))
                let csrf = try #require(page.csrf)
                let answer = try await browser.post("/runs/\(run)/\(verb)", ["csrf": csrf])
                #expect(answer.status == 303)
                #expect(answer.location == "/runs/\(run)")
                #expect(try await browser.get("/runs/\(run)").text.contains(label))
                let late = try await browser.post("/runs/\(run)/approve", ["csrf": csrf])
                #expect(late.status == 409)
                #expect(late.text.contains(#"<a class="button" href="/runs/\#(run)">"#))
            }
        }
    }

    @Test("a step that never began is not shown as failed, and the reason of the one that did is")
    func failure() async throws {
        try await PageFixture.with { fixture in
            let (run, workspace) = try await fixture.makeRun()
            let assignment = try await fixture.claim(workspace: workspace)
            try await fixture.finish(assignment.step, "", .failed(message: "Exit <code> 1"), lease: assignment.lease)
            try await fixture.browse { browser in
                let page = try await browser.signedIn().get("/runs/\(run)").text
                #expect(page.contains("Exit &lt;code&gt; 1"))
                #expect(page.contains("Not run"))
                #expect(page.contains("http-equiv") == false)
                #expect(page.contains("data-events") == false)
            }
        }
    }

    @Test("a run that is not there, or not a number, is a page with status 404", arguments: ["/runs/999", "/runs/x", "/runs/999/events"])
    func unknownRun(path: String) async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let page = try await browser.signedIn().get(path)
                #expect(page.status == 404)
                #expect(page.text.contains("Go to the runs") || page.text.contains("Back to run"))
            }
        }
    }

    @Test("Terrakube's address of a run leads to it")
    func forward() async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let page = try await browser.get("/organizations/a/workspaces/b/runs/7")
                #expect(page.status == 302)
                #expect(page.location == "/runs/7")
            }
        }
    }
}
