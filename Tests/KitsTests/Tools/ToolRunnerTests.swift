import Foundation
import Testing
import Tools

@Suite("Running programs")
struct ToolRunnerTests {
    private let runner = ToolRunner()

    private func bash(_ script: String, environment: [String: String] = [:], input: ToolInput = .none) -> ToolCommand {
        ToolCommand(
            executable: "bash",
            arguments: ["-c", script],
            environment: environment.merging(["PATH": "/usr/bin:/bin"]) { mine, _ in mine },
            directory: "/tmp",
            input: input
        )
    }

    private func text(_ command: ToolCommand) async throws -> (code: Int, text: String) {
        let collected = Shared(Data())
        let exit = try await runner.run(command) { chunk in collected.update { $0.append(chunk) } }
        return (exit.code, String(decoding: collected.value, as: UTF8.self))
    }

    /// Whether nothing is left of a group that was killed. The kernel takes a moment to end a process that it has told to.
    private func isGone(_ leader: ProcessIdentity) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while !ProcessGroup.members(of: leader.pid).isEmpty {
            guard ContinuousClock.now < deadline else { return false }
            await Task.yield()
        }
        return true
    }

    @Test("standard output and standard error keep their order")
    func order() async throws {
        let result = try await text(bash("for i in 1 2 3 4 5; do echo out$i; echo err$i >&2; done"))
        #expect(result.text == (1...5).map { "out\($0)\nerr\($0)\n" }.joined())
        #expect(result.code == 0)
    }

    @Test(
        "exit codes come through, signals as 128 more",
        arguments: [("exit 3", 3), ("true", 0), ("kill -TERM $$", 143), ("kill -KILL $$", 137)]
    )
    func exitCodes(script: String, code: Int) async throws {
        #expect(try await text(bash(script)).code == code)
    }

    @Test("the child sees nothing but the environment it was given")
    func environment() async throws {
        let command = ToolCommand(
            executable: "/usr/bin/env",
            arguments: [],
            environment: ["TF_TOKEN_localhost:8443": "a=b"],
            directory: "/"
        )
        #expect(try await text(command).text == "TF_TOKEN_localhost:8443=a=b\n")
    }

    @Test("small and large standard input arrive whole", arguments: [0, 11, 65_536, 3_000_000])
    func input(count: Int) async throws {
        let data = Data(repeating: UInt8(ascii: "x"), count: count)
        #expect(try await text(bash("wc -c", input: .data(data))).text == "\(count)\n")
    }

    @Test("a program that does not read its input does no harm")
    func unreadInput() async throws {
        #expect(try await text(bash("true", input: .data(Data(count: 5_000_000)))).code == 0)
    }

    @Test("50 MB of output pass through in bounded chunks, and the program waits for a slow reader")
    func backPressure() async throws {
        let total = Shared(0)
        let largest = Shared(0)
        let exit = try await runner.run(bash("head -c 50000000 /dev/zero")) { chunk in
            total.update { $0 += chunk.count }
            largest.update { $0 = max($0, chunk.count) }
        }
        #expect(exit.isSuccess)
        #expect(total.value == 50_000_000)
        #expect(largest.value <= 65_536)
    }

    @Test("a cancelled run interrupts the whole group, hands on its last words and waits for its end")
    func cancel() async throws {
        let collected = Shared("")
        let (ready, signalReady) = AsyncStream.makeStream(of: Void.self)
        let command = bash(
            "trap 'echo saving; echo saved; exit 1' INT; bash -c 'trap \"echo child; exit\" INT; echo ready; sleep 100 & wait' & wait; wait"
        )
        let work = Task {
            try await runner.run(command) { chunk in
                let text = collected.update { $0 += String(decoding: chunk, as: UTF8.self) }
                if text.contains("ready") { signalReady.yield() }
            }
        }
        for await _ in ready { break }
        work.cancel()
        await #expect(throws: CancellationError.self) { try await work.value }
        #expect(collected.value.contains("saved"))
    }

    @Test("a group that ignores the interrupt is killed after the grace, grandchildren too")
    func kill() async throws {
        let identity = Shared<ProcessIdentity?>(nil)
        let (ready, signalReady) = AsyncStream.makeStream(of: Void.self)
        let command = bash("trap '' INT; bash -c 'trap \"\" INT; sleep 100; sleep 100' & echo ready; wait; sleep 100")
        let work = Task {
            try await runner.run(
                command,
                graceful: .milliseconds(200),
                started: { identity.set($0) }
            ) { _ in signalReady.yield() }
        }
        for await _ in ready { break }
        let leader = try #require(identity.value)
        #expect(ProcessGroup.members(of: leader.pid).count >= 2)
        work.cancel()
        await #expect(throws: CancellationError.self) { try await work.value }
        #expect(await isGone(leader))
    }

    @Test(
        "a background process neither holds up the run nor survives it",
        arguments: ["sleep 1000 &", "sleep 1000 >/dev/null 2>&1 &", "yes &"]
    )
    func orphan(script: String) async throws {
        let identity = Shared<ProcessIdentity?>(nil)
        let clock = ContinuousClock()
        let duration = try await clock.measure {
            _ = try await runner.run(bash("\(script) echo done"), started: { identity.set($0) }) { _ in }
        }
        #expect(duration < .seconds(60))
        let leader = try #require(identity.value)
        #expect(await isGone(leader))
    }

    @Test("a process that fled into its own session and floods the output cannot hold up the run")
    func fled() async throws {
        let duration = try await ContinuousClock().measure {
            let result = try await runner.run(bash("for i in 1 2 3; do setsid timeout 300 yes & done; echo done; sleep 0.1")) { _ in }
            #expect(result.isSuccess)
        }
        #expect(duration < .seconds(60))
    }

    @Test("the last lines of a tee behind the script are not lost")
    func tee() async throws {
        for _ in 0..<10 {
            #expect(try await text(bash("exec > >(tee /dev/null); seq 1 2000; echo last")).text.hasSuffix("last\n"))
        }
    }

    @Test("what the reader throws stops the program and comes back")
    func throwingReader() async throws {
        struct Full: Error {}
        await #expect(throws: Full.self) {
            _ = try await runner.run(bash("echo a; sleep 100")) { _ in throw Full() }
        }
    }

    @Test("capture keeps the streams apart and the end of a long standard error")
    func capture() async throws {
        let result = try await runner.capture(bash("echo out; head -c 20000 /dev/zero | tr '\\0' x >&2; echo why >&2; exit 4"), limit: 100)
        #expect(result.exit.code == 4)
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == "out\n")
        #expect(result.standardError.hasSuffix("xwhy"))
        #expect(result.standardError.utf8.count <= 8192)
    }

    @Test("capture refuses more than its limit")
    func captureLimit() async throws {
        await #expect(throws: ToolError.outputTooLarge(program: "bash", limit: 1000)) {
            try await runner.capture(bash("yes"), limit: 1000)
        }
    }

    @Test("a missing program and a missing folder are named")
    func missing() async throws {
        await #expect(throws: ToolError.missingProgram("no-such-tool")) {
            try await text(ToolCommand(executable: "no-such-tool", arguments: [], environment: ["PATH": "/usr/bin"], directory: "/"))
        }
        let error = await #expect(throws: ToolError.self) {
            try await text(ToolCommand(executable: "/bin/true", arguments: [], environment: [:], directory: "/no/such/folder"))
        }
        #expect(error?.description.contains("/no/such/folder") == true)
    }

    @Test("a relative PATH entry is never searched")
    func relativePath() async throws {
        await #expect(throws: ToolError.missingProgram("bash")) {
            try await text(ToolCommand(executable: "bash", arguments: [], environment: ["PATH": ".:bin:"], directory: "/bin"))
        }
    }

    @Test("an orphan of an earlier server is ended by its identity, a recycled number is left alone")
    func orphanedGroup() async throws {
        let (identities, signal) = AsyncStream.makeStream(of: ProcessIdentity.self)
        let work = Task {
            try await runner.run(bash("trap '' INT; sleep 100 & sleep 100"), started: { signal.yield($0) }) { _ in }
        }
        var iterator = identities.makeAsyncIterator()
        let leader = try #require(await iterator.next())
        await ProcessGroup.terminate(ProcessIdentity(pid: leader.pid, birth: "another boot:1"), graceful: .zero)
        #expect(leader.isRunning)
        await ProcessGroup.terminate(leader, graceful: .milliseconds(50))
        #expect(!leader.isRunning)
        #expect(try await work.value.code == 137)
    }
}
