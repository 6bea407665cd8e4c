import Foundation
import TestSupport
import Testing
import Wire

@Suite("Runs of private repositories", .timeLimit(.minutes(2)))
struct PrivateSourceTests {
    private let password = "canary-\(UUID().uuidString)"

    /// A private repository with one output, and an executor beside it.
    private func withRepository(_ body: (ExecutorFixture, GitServer, GitRepository) async throws -> Void) async throws {
        try await GitServer.with(username: "x-token-auth", password: password) { server in
            let repository = try await server.repository("infra")
            try await repository.commit(["main.tf": "output \"o\" { value = \"private\" }"])
            try await ExecutorFixture.withExecutor { try await body($0, server, repository) }
        }
    }

    private func source(_ repository: GitRepository) -> JobSource {
        .git(repository: repository.url, reference: "main", commit: nil)
    }

    @Test("the connection's credentials open the repository, and are not left behind")
    func checkout() async throws {
        try await withRepository { fixture, server, repository in
            fixture.control.change { $0.access = [.password(username: "x-token-auth", password: password)] }
            let show = StepCommand.bash("env; cat /proc/self/environ; git config --list; cat \"$HOME\"/.git* || true", .before)
            let id = fixture.start([.plan(commands: [show]), .apply()], source: source(repository), connection: "connection")
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("apply").text.contains("o = \"private\""))
            #expect(fixture.control.step("plan").text.contains(password) == false)
            #expect(fixture.control.violations == [])
            let files = FileManager.default.enumerator(atPath: fixture.folder)?.compactMap { $0 as? String } ?? []
            #expect(files.contains { $0.contains("mirrors") })
            for file in files {
                let content = FileManager.default.contents(atPath: "\(fixture.folder)/\(file)") ?? Data()
                #expect(content.range(of: Data(password.utf8)) == nil, "\(file)")
            }
        }
    }

    @Test("credentials that are refused are asked for once more")
    func refused() async throws {
        try await withRepository { fixture, _, repository in
            let access = ["stale", password].map { SourceAccess.password(username: "x-token-auth", password: $0) }
            fixture.control.change { $0.access = access }
            let id = fixture.start([.plan()], source: source(repository), connection: "connection")
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("plan").result?.outcome == .planned(hasChanges: true))
            let refused = try await fixture.control.wait { $0.refused }
            #expect(refused == [nil, "stale"])
        }
    }

    @Test("a repository that refuses everything ends the job with the reason and no plan")
    func denied() async throws {
        try await withRepository { fixture, server, repository in
            fixture.control.change { $0.access = [.password(username: "x-token-auth", password: "canary-wrong")] }
            let id = fixture.start([.plan(), .apply()], source: source(repository), connection: "connection")
            try await fixture.control.wait(for: id, toBe: .ended)
            let reason = "\(server.url) refused the credentials for \(repository.url)."
            #expect(fixture.control.step("plan").result?.outcome == .failed(message: reason))
            #expect(fixture.control.step("plan").text.contains(reason))
            #expect(fixture.control.step("plan").text.contains("canary") == false)
            #expect(fixture.control.step("plan").isPlanStored == false)
            #expect(fixture.control.step("apply").result == nil)
        }
    }

    @Test("a connection that does not work ends the job with its reason, and the host is not asked")
    func unavailable() async throws {
        try await withRepository { fixture, server, repository in
            fixture.control.change { $0.access = [.unavailable(reason: "The connection ours can't be used.")] }
            let id = fixture.start([.plan(), .apply()], source: source(repository), connection: "connection")
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("plan").result?.outcome == .failed(message: "The connection ours can't be used."))
            #expect(fixture.control.step("plan").text.contains("Error: The connection ours can't be used."))
            #expect(fixture.control.step("apply").result == nil)
            #expect(server.requests == [])
        }
    }

    @Test("who has no connection does not get what another one fetched, even by its commit")
    func partitions() async throws {
        try await withRepository { fixture, server, repository in
            fixture.control.change { $0.access = [.password(username: "x-token-auth", password: password)] }
            let commit = try await repository.git("rev-parse", "HEAD")
            let pinned = JobSource.git(repository: repository.url, reference: "main", commit: commit)
            let first = fixture.start([.plan("first")], source: pinned, connection: "connection")
            try await fixture.control.wait(for: first, toBe: .ended)
            #expect(fixture.control.step("first").result?.outcome == .planned(hasChanges: true))
            let second = fixture.start([.plan("second")], source: pinned)
            try await fixture.control.wait(for: second, toBe: .ended)
            let reason = "\(repository.url) asks for credentials, and none are configured."
            #expect(fixture.control.step("second").result?.outcome == .failed(message: reason))
            fixture.control.change { $0.access = [.password(username: "x-token-auth", password: "wrong")] }
            let third = fixture.start([.plan("third")], source: pinned, connection: "other")
            try await fixture.control.wait(for: third, toBe: .ended)
            #expect(
                fixture.control.step("third").result?.outcome
                    == .failed(message: "\(server.url) refused the credentials for \(repository.url).")
            )
        }
    }
}
