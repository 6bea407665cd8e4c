import Foundation
import Testing
import Tools
import Wire

@testable import Executor

@Suite("A program that outlives its reader", .timeLimit(.minutes(1)))
struct OutlivingTests {
    private let log = LogShipper(stepID: "s", mask: SecretMask(variables: []))

    @Test("it writes on when nobody reads any more")
    func survives() async throws {
        let folder = NSTemporaryDirectory() + "outliving-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // `head` ends after one line, like a server that is killed; only then the program writes more.
        let program = #"echo one; while kill -0 $(cat reader) 2>/dev/null; do sleep 0.02; done; echo two && echo three && touch done"#
        let script =
            #"bash -c "$outliving" "$(command -v tee)" bash -c "$program" | { echo $BASHPID > reader; exec head -n 1; }; wait; "#
            + #"for i in $(seq 200); do [ -e done ] && break; sleep 0.02; done; ls"#
        let command = ToolCommand(
            executable: "bash",
            arguments: ["-c", "touch reader; " + script],
            environment: ["PATH": "/usr/bin:/bin", "outliving": StepProcess.outliving, "program": program],
            directory: folder
        )
        let output = String(decoding: try await ToolRunner().require(command), as: UTF8.self)
        #expect(output.split(separator: "\n") == ["one", "done", "reader"])
    }

    @Test("its exit code and its last words come through")
    func transparent() async throws {
        let process = StepProcess(runner: ToolRunner(), log: log, grace: .seconds(5))
        let (chunks, received) = AsyncStream.makeStream(of: Data.self)
        log.open()
        let exit = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await log.ship { received.yield($0.bytes) } }
            let exit = try await process.runOutliving(
                "/bin/sh",
                ["-c", "echo out; echo err >&2; exit 9"],
                environment: .plain,
                in: "/",
                searchPath: "/usr/bin:/bin"
            )
            log.finish()
            try await group.waitForAll()
            received.finish()
            return exit
        }
        var text = ""
        for await chunk in chunks { text += String(decoding: chunk, as: UTF8.self) }
        #expect(exit.code == 9)
        #expect(text == "out\nerr\n")
    }
}

extension ChildEnvironment {
    static let plain = ChildEnvironment(["PATH": "/usr/bin:/bin"])
}
