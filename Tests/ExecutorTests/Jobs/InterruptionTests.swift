import Executor
import Foundation
import Glibc
import Logging
import ServiceLifecycle
import Testing
import Tools
import Wire

@Suite("Interrupted runs", .timeLimit(.minutes(2)))
struct InterruptionTests {
    /// One resource is done at once; the other writes its process id to a file, says so, and sleeps.
    private func slow(_ folder: String) -> [String: String] {
        [
            "main.tf": """
            resource "terraform_data" "quick" {}
            resource "terraform_data" "slow" {
              depends_on = [terraform_data.quick]
              provisioner "local-exec" {
                command = "echo $$ > \(folder)/pid; echo now sleep$(echo ing); sleep 600"
              }
            }
            """
        ]
    }

    private func sleeper(_ folder: String) throws -> pid_t {
        try #require(pid_t(String(contentsOfFile: "\(folder)/pid", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    @Test("a cancelled apply writes the state of what it made, and nothing keeps running")
    func cancel() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start([.apply()], files: slow(fixture.folder))
            try await fixture.control.wait(forLogOf: "apply", toContain: "now sleeping")
            fixture.control.cancel(id)
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("apply").result?.outcome == .cancelled)
            #expect(fixture.control.step("apply").text.contains("Interrupt received"))
            #expect(fixture.control.step("apply").text.contains("The run was cancelled."))
            #expect(try fixture.states.resources("w").contains("terraform_data.quick"))
            #expect(fixture.states.workspace("w").lock == nil)
            #expect(kill(try sleeper(fixture.folder), 0) != 0)
            try await expectNoWork(fixture)
            #expect(fixture.control.violations == [])
        }
    }

    @Test("a run that somebody else has is dropped without a word")
    func lost() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start([.apply()], files: slow(fixture.folder))
            try await fixture.control.wait(forLogOf: "apply", toContain: "now sleeping")
            fixture.control.takeAway(id)
            try await expectNoWork(fixture)
            #expect(fixture.control.step("apply").result == nil)
            #expect(kill(try sleeper(fixture.folder), 0) != 0)
            #expect(fixture.control.violations == [])
        }
    }

    @Test("a shutdown interrupts the step that runs, and reports it")
    func shutdown() async throws {
        try await ExecutorFixture.with { fixture in
            try await stopping(try fixture.executor()) { stop in
                let id = try await fixture.start([.apply(), .scripts("later", [])], files: slow(fixture.folder))
                try await fixture.control.wait(forLogOf: "apply", toContain: "now sleeping")
                await stop()
                try await fixture.control.wait(for: id, toBe: .ended)
            }
            #expect(fixture.control.step("apply").result?.outcome == .failed(message: "The executor was shut down while this step ran."))
            #expect(try fixture.states.resources("w").contains("terraform_data.quick"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.dataDirectory())/work") == [])
            #expect(fixture.control.violations == [])
        }
    }

    @Test("a shutdown lets a short step end, and hands the job back before the next one")
    func handBack() async throws {
        try await ExecutorFixture.with { fixture in
            let signal = "\(fixture.folder)/signal"
            try await stopping(try fixture.executor(configure: { $0.shutdownGrace = .seconds(60) })) { stop in
                let script = "echo running; until [ -e \(signal) ]; do sleep 0.05; done"
                let id = try await fixture.start([.scripts("first", [.bash(script)]), .scripts("second", [])], files: ["x": ""])
                try await fixture.control.wait(forLogOf: "first", toContain: "running")
                await stop()
                try Data().write(to: URL(filePath: signal))
                try await fixture.control.wait(for: id, toBe: .released)
            }
            #expect(fixture.control.step("first").result?.outcome == .succeeded)
            #expect(fixture.control.step("second").commit == nil)
            #expect(fixture.control.violations == [])
        }
    }

    private func stopping(_ executor: ExecutorService, _ body: (_ stop: @Sendable () async -> Void) async throws -> Void) async throws {
        var logger = Logger(label: "services")
        logger.logLevel = .critical
        let services = ServiceGroup(services: [executor], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            try await body { await services.triggerGracefulShutdown() }
            try await group.waitForAll()
        }
    }

    @Test("what a dead executor left running is ended, its state arrives, its directories go")
    func orphans() async throws {
        try await ExecutorFixture.with { fixture in
            let work = "\(fixture.dataDirectory())/work/7-1"
            try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
            for (name, text) in slow(fixture.folder) { try Data(text.utf8).write(to: URL(filePath: "\(work)/\(name)")) }
            try Data("terraform {\n backend \"http\" {}\n}".utf8).write(to: URL(filePath: "\(work)/backend.tf"))
            let url = fixture.states.url("w")
            let environment = [
                "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "TERRAKUBE_JOB_DIRECTORY": work, "TF_HTTP_ADDRESS": url,
                "TF_HTTP_LOCK_ADDRESS": url, "TF_HTTP_UNLOCK_ADDRESS": url, "TF_HTTP_USERNAME": "job",
                "TF_HTTP_PASSWORD": StateServer.token, "CHECKPOINT_DISABLE": "1",
            ]
            let runner = ToolRunner()
            func terraform(_ arguments: [String]) -> ToolCommand {
                ToolCommand(executable: "terraform", arguments: arguments, environment: environment, directory: work)
            }
            _ = try await runner.require(terraform(["init"]))
            let (lines, continuation) = AsyncStream.makeStream(of: String.self)
            let apply = terraform(["apply", "-auto-approve", "-no-color"])
            async let exit = runner.run(apply) { continuation.yield(String(decoding: $0, as: UTF8.self)) }
            var log = ""
            for await text in lines {
                log += text
                if log.contains("now sleeping") { break }
            }
            await (try fixture.executor()).recover()
            #expect(try await exit.code != 0)
            #expect(try fixture.states.resources("w").contains("terraform_data.quick"))
            #expect(fixture.states.workspace("w").lock == nil)
            #expect(kill(try sleeper(fixture.folder), 0) != 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.dataDirectory())/work") == [])
        }
    }
}
