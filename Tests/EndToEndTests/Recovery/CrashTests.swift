import Foundation
import TestSupport
import Testing

/// What is left after the server dies at any moment.
@Suite(.serialized)
struct CrashTests {
    private static func configuration(_ round: Int) -> String {
        """
        resource "terraform_data" "step" {
          count = 4
          input = "\(round)-${count.index}"
          provisioner "local-exec" { command = "sleep 0.0${count.index + 2}" }
        }
        resource "terraform_data" "last" { input = [for step in terraform_data.step : step.output] }
        """
    }

    @Test(
        "kill -9 in the middle of an apply loses no acknowledged state, leaves no job stuck, and the workspace runs again",
        arguments: [(TestEngine.sqlite, 20), (.postgres, 20)]
    )
    func killInApply(engine: TestEngine, rounds: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await withDatabaseURL(engine) { database in
                let environment = engine == .postgres ? ["TERRAKUBE_DATABASE_URL": database] : [:]
                var server = try await ServerProcess.start(
                    dataDirectory: directory.appending(path: "data").path,
                    environment: environment
                )
                let project = try await Project.make(on: APIClient(url: server.url, token: try await server.token()))
                var acknowledged: [String: Data] = [:]
                var random = SeededGenerator(seed: 42)
                for round in 0..<rounds {
                    try await project.upload(Self.configuration(round))
                    let run = try await project.start(Flow.planAndApply)
                    try await run.follow(step: 1, until: "Running Terraform APPLY")
                    // The moment of the crash is the point of this test.
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...200, using: &random)))
                    for state in try await project.states() where acknowledged[state.id] == nil {
                        acknowledged[state.id] = try await project.rawState(state.id)
                    }
                    await server.kill9()
                    server = try await server.restarted()

                    let begin = ContinuousClock.now
                    let status = try await run.end()
                    #expect(["completed", "failed"].contains(status), "round \(round)")
                    #expect(ContinuousClock.now - begin < .seconds(5), "round \(round)")
                    #expect(try await run.steps().allSatisfy { $0.string("status") != "running" }, "round \(round)")
                    for (id, bytes) in acknowledged {
                        #expect(try await project.rawState(id) == bytes, "round \(round)")
                    }
                }
                try await project.upload(Self.configuration(rounds))
                let last = try await project.start(Flow.planAndApply)
                #expect(try await last.end() == "completed")
                let serials = try await project.states().compactMap { $0.attributes["serial"] as? Int }
                #expect(serials == serials.sorted() && Set(serials).count == serials.count)
                #expect(await server.terminate() == 0)
            }
        }
    }

    @Test("SIGTERM hands a running plan back or lets it finish, and the job completes after the restart")
    func terminateInPlan() async throws {
        try await withServerProcess { server, client in
            let project = try await Project.make(on: client)
            try await project.upload(
                """
                data "terraform_remote_state" "none" {
                  backend = "local"
                  config  = { path = "/nonexistent" }
                  defaults = {}
                  count = 0
                }
                resource "terraform_data" "x" { input = 1 }
                """
            )
            let run = try await project.start(Flow.planAndApply)
            #expect(await server.terminate() == 0)
            let again = try await server.restarted()
            #expect(["completed", "failed"].contains(try await run.end()))
            let next = try await project.start(Flow.planAndApply)
            #expect(try await next.end() == "completed")
            #expect(await again.terminate() == 0)
        }
    }
}

/// Numbers that are the same in each run: SplitMix64, <https://prng.di.unimi.it/splitmix64.c>.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
