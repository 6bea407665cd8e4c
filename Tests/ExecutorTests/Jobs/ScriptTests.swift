import Executor
import Foundation
import Testing
import Wire

@Suite("Scripts of a run", .timeLimit(.minutes(2)))
struct ScriptTests {
    private let configuration = ["main.tf": "resource \"terraform_data\" \"one\" {}"]

    @Test("output arrives while the script runs")
    func streaming() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let signal = "\(fixture.folder)/signal"
            let id = try await fixture.start(
                [.scripts("s", [.bash("echo first; until [ -e \(signal) ]; do sleep 0.05; done; echo second")])],
                files: configuration
            )
            try await fixture.control.wait(forLogOf: "s", toContain: "first\n")
            #expect(!fixture.control.step("s").text.contains("second"))
            try Data().write(to: URL(filePath: signal))
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("s").text.hasSuffix("first\nsecond\n"))
            #expect(fixture.control.step("s").result?.outcome == .succeeded)
        }
    }

    @Test("scripts run by priority, in the root of the source, and stop at the first that fails")
    func order() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start(
                [
                    .scripts(
                        "s",
                        [
                            .bash("echo three", priority: 30), .bash("ls; exit 7", priority: 20),
                            .bash("echo one", priority: 10, isVerbose: true),
                        ],
                        onFailure: [.bash("echo cleaning")]
                    )
                ],
                files: ["root.txt": "", "live/main.tf": ""],
                folder: "/live"
            )
            try await fixture.control.wait(for: id, toBe: .ended)
            let step = fixture.control.step("s")
            #expect(step.text.contains("echo one\none\nlive\nroot.txt\nScript Exit Code ==>7\ncleaning\n"))
            #expect(!step.text.contains("three"))
            #expect(step.result == StepResult(stepID: "s", outcome: .failed(message: "A script ended with exit code 7."), exitCode: 7))
        }
    }

    @Test("scripts around a plan run in the workspace's folder, in their phases")
    func phases() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start(
                [
                    .plan(commands: [
                        .bash("test ! -e .terraform && echo in $(basename $PWD) before init", .beforeInit),
                        .bash("test -e .terraform && echo before the plan; echo 'TF_VAR_x=from a script' >> $terrakubeEnv", .before),
                        .bash("terraform show -json terraformLibrary.tfPlan | grep -o '\"value\":\"from a script\"'", .after),
                    ])
                ],
                files: ["live/main.tf": "variable \"x\" {}\noutput \"x\" { value = var.x }"],
                folder: "live"
            )
            try await fixture.control.wait(for: id, toBe: .ended)
            let log = fixture.control.step("plan").text
            let places = [
                "in live before init", "Initializing the backend", "before the plan", "Running Terraform PLAN",
                "\"value\":\"from a script\"",
            ]
            .map { log.range(of: $0)?.lowerBound }
            #expect(!places.contains(nil))
            #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
            #expect(fixture.control.step("plan").result?.outcome == .planned(hasChanges: true))
        }
    }

    @Test("a failed plan runs what the flow wants to be run then")
    func onFailure() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start(
                [.plan(commands: [.bash("echo never", .after)], onFailure: [.bash("echo telling somebody")])],
                files: ["main.tf": "nonsense"]
            )
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("plan").text.hasSuffix("telling somebody\n"))
            #expect(!fixture.control.step("plan").text.contains("never"))
        }
    }

    @Test("a plan whose errors are ignored runs its later scripts, and has failed even so; an apply has not")
    func ignoredErrors() async throws {
        let failing = "resource \"terraform_data\" \"x\" {\n provisioner \"local-exec\" {\n  command = \"exit 3\"\n }\n}"
        try await ExecutorFixture.withExecutor { fixture in
            let plan = try await fixture.start(
                [.plan(commands: [.bash("echo later", .after)], ignoresError: true)],
                files: ["main.tf": "output \"x\" { value = var.x }"]
            )
            try await fixture.control.wait(for: plan, toBe: .ended)
            #expect(fixture.control.step("plan").text.hasSuffix("later\n"))
            #expect(fixture.control.step("plan").result?.exitCode == 1)
            let apply = try await fixture.start(
                [.apply(commands: [.bash("echo later", .after)], ignoresError: true)],
                files: ["main.tf": failing]
            )
            try await fixture.control.wait(for: apply, toBe: .ended)
            #expect(fixture.control.step("apply").text.hasSuffix("later\n"))
            #expect(fixture.control.step("apply").result == StepResult(stepID: "apply", outcome: .succeeded, exitCode: 1))
        }
    }

    @Test("a GROOVY script without groovy says what to do")
    func groovy() async throws {
        try await ExecutorFixture.withExecutor(configure: { $0.environment["PATH"] = "/usr/bin:/bin" }) { fixture in
            let script = StepCommand(runtime: .groovy, script: "println 1", priority: 1, phases: [])
            let id = try await fixture.start([.scripts("s", [script])], files: configuration)
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(
                fixture.control.step("s").text.contains("Error: This step has a GROOVY script, and the executor has no groovy on its PATH.")
            )
        }
    }
}
