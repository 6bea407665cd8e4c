import Foundation
import Testing
import Wire

/// Runs with the real Terraform. `terraform_data` needs no provider.
@Suite("Runs", .timeLimit(.minutes(2)))
struct RunTests {
    private static let one = """
        variable "name" { default = "world" }
        resource "terraform_data" "one" { input = var.name }
        output "greeting" { value = "hello ${terraform_data.one.output}" }
        """

    @Test("a plan is applied in the same directory, with one init")
    func planAndApply() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start([.plan(), .apply()], files: ["main.tf": Self.one])
            try await fixture.control.wait(for: id, toBe: .ended)
            let plan = fixture.control.step("plan")
            let apply = fixture.control.step("apply")
            #expect(plan.result == StepResult(stepID: "plan", outcome: .planned(hasChanges: true), exitCode: 2))
            #expect(plan.commit == .some(nil))
            #expect(plan.text.contains("1 to add"))
            #expect(plan.text.contains("Initializing Terrakube Job \(id) Step Plan\nRunning Terraform 1.11"))
            #expect(apply.result == StepResult(stepID: "apply", outcome: .succeeded, exitCode: 0))
            #expect(apply.text.contains("hello world"))
            #expect(plan.text.contains("Initializing the backend"))
            #expect(!apply.text.contains("Initializing the backend"))
            #expect(try fixture.states.resources("w") == ["terraform_data.one"])
            #expect(fixture.states.workspace("w").lock == nil)
            #expect(fixture.control.violations == [])
            try await expectNoWork(fixture)
        }
    }

    @Test("the structured plan arrives, although nothing waits for it")
    func document() async throws {
        struct Plan: Decodable {
            struct Change: Decodable {
                let address: String
            }
            let resourceChanges: [Change]
        }
        try await ExecutorFixture.withExecutor { fixture in
            try await fixture.start([.plan(), .apply()], files: ["main.tf": Self.one])
            let json = try await fixture.control.wait { $0.steps["plan"]?.document }
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            #expect(try decoder.decode(Plan.self, from: json).resourceChanges.map(\.address) == ["terraform_data.one"])
        }
    }

    @Test("a run without changes ends with its plan")
    func noChanges() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let first = try await fixture.start([.plan(), .apply()], files: ["main.tf": Self.one])
            try await fixture.control.wait(for: first, toBe: .ended)
            let second = try await fixture.start([.plan("again"), .apply("never")], files: ["main.tf": Self.one])
            try await fixture.control.wait(for: second, toBe: .ended)
            #expect(fixture.control.step("again").result?.outcome == .planned(hasChanges: false))
            #expect(fixture.control.step("never").result == nil)
            #expect(fixture.states.workspace("w").writes == 1)
        }
    }

    @Test("a configuration error fails the step with Terraform's own diagnostic in the log")
    func invalidConfiguration() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start([.plan()], files: ["main.tf": "resource \"terraform_data\" \"one\" { input = var.missing }"])
            try await fixture.control.wait(for: id, toBe: .ended)
            let step = fixture.control.step("plan")
            #expect(step.text.contains("Reference to undeclared input variable"))
            #expect(step.result?.exitCode == 1)
            guard case .failed(let message) = step.result?.outcome else {
                Issue.record("the step did not fail")
                return
            }
            #expect(message.contains("terraform plan failed with exit code 1"))
            try await expectNoWork(fixture)
        }
    }

    @Test("an apply without a plan plans and applies; a destroy destroys")
    func applyAndDestroy() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let destroy = StepAssignment(id: "destroy", number: 200, name: "Destroy", action: .terraformDestroy)
            let id = try await fixture.start([.apply(), destroy], files: ["main.tf": Self.one])
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("apply").text.contains("1 added"))
            #expect(fixture.control.step("destroy").text.contains("1 destroyed"))
            #expect(try fixture.states.resources("w") == [])
            #expect(fixture.control.violations == [])
        }
    }

    @Test("a planned destruction is applied")
    func planDestroy() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let destruction = StepAssignment(id: "destruction", number: 100, name: "Plan", action: .terraformPlanDestroy)
            let first = try await fixture.start([.apply()], files: ["main.tf": Self.one])
            try await fixture.control.wait(for: first, toBe: .ended)
            let second = try await fixture.start([destruction, .apply("end")], files: ["main.tf": Self.one])
            try await fixture.control.wait(for: second, toBe: .ended)
            #expect(fixture.control.step("end").text.contains("1 destroyed"))
            #expect(try fixture.states.resources("w") == [])
        }
    }

    @Test("-target plans nothing else; a wrong address is refused before Terraform runs")
    func targets() async throws {
        let two = "resource \"terraform_data\" \"one\" {}\nresource \"terraform_data\" \"two\" {}"
        try await ExecutorFixture.withExecutor { fixture in
            let first = try await fixture.start(
                [.plan(), .apply()],
                files: ["main.tf": two],
                options: PlanOptions(targets: ["terraform_data.two"])
            )
            try await fixture.control.wait(for: first, toBe: .ended)
            #expect(try fixture.states.resources("w") == ["terraform_data.two"])
            let second = try await fixture.start([.plan("wrong")], files: ["main.tf": two], options: PlanOptions(targets: ["-destroy"]))
            try await fixture.control.wait(for: second, toBe: .ended)
            #expect(
                fixture.control.step("wrong").result?.outcome
                    == .failed(message: "\"-destroy\" is not the address of a resource or module.")
            )
            #expect(fixture.control.step("wrong").text.contains("\u{1B}[31mError: \"-destroy\" is not"))
        }
    }

    @Test(
        "our backend replaces whatever the configuration has",
        arguments: [
            "terraform {\n cloud {\n  organization = \"x\"\n  workspaces { name = \"y\" }\n }\n}",
            "terraform {\n backend \"s3\" {\n  bucket = \"x\"\n }\n}",
            "terraform {\n backend \"local\" {\n  path = \"elsewhere.tfstate\"\n }\n}",
        ]
    )
    func foreignBackend(_ block: String) async throws {
        let foreign = #"{"version":4,"terraform_version":"1.11.4","serial":5,"lineage":"x","outputs":{},"resources":[]}"#
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start(
                [.plan(), .apply()],
                files: [
                    "main.tf": block + "\n" + Self.one, "terraform.tfstate": foreign,
                    ".terraform/terraform.tfstate": #"{"version":3,"backend":{"type":"s3","config":{"bucket":"x"},"hash":1}}"#,
                ]
            )
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("apply").result?.outcome == .succeeded)
            #expect(fixture.control.step("plan").text.contains("terraform.tfstate. It is ignored"))
            #expect(try fixture.states.resources("w") == ["terraform_data.one"])
        }
    }

    @Test("many jobs at once keep apart")
    func parallel() async throws {
        try await ExecutorFixture.withExecutor(slots: 4) { fixture in
            var ids: [Int] = []
            for number in 1...8 {
                ids.append(
                    try await fixture.start(
                        [.plan("plan\(number)"), .apply("apply\(number)")],
                        files: ["main.tf": Self.one],
                        variables: [JobVariable(key: "name", value: "number \(number)")],
                        workspace: "w\(number)"
                    )
                )
            }
            for id in ids { try await fixture.control.wait(for: id, toBe: .ended) }
            for number in 1...8 {
                #expect(fixture.control.step("apply\(number)").text.contains("hello number \(number)"))
            }
            #expect(fixture.control.violations == [])
        }
    }

    @Test(
        "what cannot be run is explained in the result and in the log",
        arguments: [
            ("/missing", "~> 1.11", "The folder \"/missing\" does not exist in the archive."),
            ("/../..", "~> 1.11", "The folder \"/../..\" must not contain \"..\"."),
            ("/", "99.0.0", "The release index could not be reached."),
        ]
    )
    func refusals(folder: String, version: String, message: String) async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start([.plan()], files: ["main.tf": Self.one], folder: folder, toolVersion: version)
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("plan").result?.outcome == .failed(message: message))
            #expect(fixture.control.step("plan").text.contains("\u{1B}[31mError: \(message)"))
            #expect(fixture.control.violations == [])
            try await expectNoWork(fixture)
        }
    }

    @Test("a source that is no repository is refused", arguments: ["file:///etc", "ext::sh -c id", "--upload-pack=id", "/etc"])
    func refusedSources(repository: String) async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = fixture.start([.plan()], source: .git(repository: repository, reference: "main", commit: nil))
            try await fixture.control.wait(for: id, toBe: .ended)
            guard case .failed(let message) = fixture.control.step("plan").result?.outcome else {
                Issue.record("the step did not fail")
                return
            }
            #expect(fixture.control.step("plan").text.contains("Error: \(message)"))
            #expect(fixture.control.violations == [])
        }
    }

    @Test("a broken archive is a failed step")
    func brokenArchive() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            fixture.control.add(archive: Data("no archive".utf8), version: "broken")
            let id = fixture.start([.plan()], source: .archive(configurationVersion: "broken"))
            try await fixture.control.wait(for: id, toBe: .ended)
            guard case .failed = fixture.control.step("plan").result?.outcome else {
                Issue.record("the step did not fail")
                return
            }
            try await expectNoWork(fixture)
        }
    }
}

/// The executor removes directories after its report, so the slot has to come free first: a further claim shows that.
func expectNoWork(_ fixture: ExecutorFixture, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let id = try await fixture.start([.scripts("last", [])], files: ["x": ""], folder: "/")
    try await fixture.control.wait(for: id, toBe: .ended)
    let work = try FileManager.default.contentsOfDirectory(atPath: "\(fixture.dataDirectory())/work")
    #expect(work.filter { !$0.hasPrefix("\(id)-") } == [], sourceLocation: sourceLocation)
}
