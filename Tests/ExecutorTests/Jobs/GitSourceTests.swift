import Foundation
import TestSupport
import Testing
import Wire

@Suite("Runs of git repositories", .timeLimit(.minutes(2)))
struct GitSourceTests {
    @Test("a folder of a tag is run, and every step runs on the same commit")
    func tag() async throws {
        try await GitServer.with { server in
            let repository = try await server.repository("infra")
            let tagged = try await repository.commit(["live/main.tf": "output \"o\" { value = \"tagged\" }"])
            _ = try await repository.git("tag", "v1")
            _ = try await repository.commit(["live/main.tf": "output \"o\" { value = \"newer\" }"])
            try await ExecutorFixture.withExecutor { fixture in
                let id = fixture.start(
                    [.plan(), .apply()],
                    source: .git(repository: repository.url, reference: "v1", commit: nil),
                    folder: "/live"
                )
                try await fixture.control.wait(for: id, toBe: .ended)
                #expect(fixture.control.step("plan").commit == .some(tagged))
                #expect(fixture.control.step("apply").commit == .some(tagged))
                #expect(fixture.control.step("apply").text.contains("o = \"tagged\""))
                #expect(fixture.control.violations == [])
            }
        }
    }

    @Test("another executor goes on with the commit that was planned, not with the newest")
    func resumed() async throws {
        try await GitServer.with { server in
            let repository = try await server.repository("infra")
            let planned = try await repository.commit(["main.tf": "output \"o\" { value = \"planned\" }"])
            try await ExecutorFixture.with { fixture in
                let source = JobSource.git(repository: repository.url, reference: "main", commit: nil)
                let id = fixture.start([.plan(), .approval(), .apply()], source: source)
                try await fixture.running(fixture.executor("one")) { try await fixture.control.wait(for: id, toBe: .paused) }
                _ = try await repository.commit(["main.tf": "output \"o\" { value = \"newer\" }"])
                fixture.control.approve(id)
                try await fixture.running(fixture.executor("two")) { try await fixture.control.wait(for: id, toBe: .ended) }
                #expect(fixture.control.step("apply").commit == .some(planned))
                #expect(fixture.control.step("apply").text.contains("o = \"planned\""))
                #expect(fixture.control.violations == [])
            }
        }
    }

    @Test("a folder that is missing is explained with the commit")
    func missingFolder() async throws {
        try await GitServer.with { server in
            let repository = try await server.repository("infra")
            let commit = try await repository.commit(["main.tf": ""])
            try await ExecutorFixture.withExecutor { fixture in
                let id = fixture.start(
                    [.plan()],
                    source: .git(repository: repository.url, reference: "main", commit: nil),
                    folder: "/x"
                )
                try await fixture.control.wait(for: id, toBe: .ended)
                let message = "The folder \"/x\" does not exist in the repository at commit \(commit.prefix(12))."
                #expect(fixture.control.step("plan").result?.outcome == .failed(message: message))
                #expect(fixture.control.step("plan").commit == .some(commit))
            }
        }
    }

    @Test("a host that does not answer is named")
    func unreachable() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = fixture.start(
                [.plan()],
                source: .git(repository: "http://127.0.0.1:9/infra", reference: "main", commit: nil)
            )
            try await fixture.control.wait(for: id, toBe: .ended)
            let log = fixture.control.step("plan").text
            #expect(log.contains("Error: http://127.0.0.1:9/infra could not be reached"))
            #expect(fixture.control.violations == [])
        }
    }
}
