import Executor
import Foundation
import Testing
import Wire

@Suite("Paused runs", .timeLimit(.minutes(2)))
struct PauseTests {
    private let files = [
        "main.tf": "variable \"s\" { default = \"x\" }\nresource \"terraform_data\" \"one\" { input = var.s }",
        ".terraform.lock.hcl": "# kept\n",
    ]

    @Test("an approved run goes on in the directory that was kept, in which no secret had stayed")
    func warm() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start(
                [.plan(), .approval("approval", commands: [.bash("echo approved")]), .apply()],
                files: files,
                variables: [JobVariable(key: "s", value: "\"canary-in-hcl\"", isHCL: true, isSensitive: true)]
            )
            try await fixture.control.wait(for: id, toBe: .paused)
            // The slot is free only when the directory has been sealed.
            let other = try await fixture.start([.scripts("other", [])], files: ["x": ""])
            try await fixture.control.wait(for: other, toBe: .ended)
            let kept = "\(fixture.dataDirectory())/work/\(id)-1"
            #expect(FileManager.default.fileExists(atPath: "\(kept)/source/.terraform"))
            #expect(!FileManager.default.fileExists(atPath: "\(kept)/source/terraformLibrary.tfPlan"))
            #expect(try canaries(below: kept) == [])
            fixture.control.approve(id)
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("approval").text.hasSuffix("approved\n"))
            #expect(fixture.control.step("apply").text.contains("1 added"))
            #expect(!fixture.control.step("apply").text.contains("Initializing the backend"))
            #expect(fixture.control.violations == [])
        }
    }

    @Test("another executor goes on from the stored plan")
    func elsewhere() async throws {
        try await ExecutorFixture.with { fixture in
            let id = try await fixture.start([.plan(), .approval(), .apply()], files: files)
            try await fixture.running(fixture.executor("one")) {
                try await fixture.control.wait(for: id, toBe: .paused)
            }
            let bundle = try #require(fixture.control.job(id)?.plan)
            #expect(bundle.lockFile == Data("# kept\n".utf8))
            fixture.control.approve(id)
            try await fixture.running(fixture.executor("two")) {
                try await fixture.control.wait(for: id, toBe: .ended)
            }
            #expect(fixture.control.step("apply").text.contains("1 added"))
            #expect(fixture.control.step("apply").text.contains("terraform_data.one: Creating..."))
            // The plan was made before: a new one would have been shown.
            #expect(!fixture.control.step("apply").text.contains("Terraform will perform the following actions"))
            #expect(fixture.control.violations == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.dataDirectory("one"))/work") == [])
        }
    }

    @Test("only so many directories are kept, the newest")
    func bounded() async throws {
        try await ExecutorFixture.withExecutor(configure: { $0.warmDirectories = 2 }) { fixture in
            var ids: [Int] = []
            for number in 1...3 {
                let id = try await fixture.start(
                    [.scripts("s\(number)", []), .approval("a\(number)"), .scripts("t\(number)", [.bash("ls")])],
                    files: files
                )
                try await fixture.control.wait(for: id, toBe: .paused)
                ids.append(id)
            }
            try await fixture.control.wait(for: fixture.start([.scripts("last", [])], files: ["x": ""]), toBe: .ended)
            let kept = try FileManager.default.contentsOfDirectory(atPath: "\(fixture.dataDirectory())/work").compactMap {
                Int($0.prefix(1))
            }
            #expect(Set(kept).intersection(ids) == Set(ids.suffix(2)))
            for id in ids {
                fixture.control.approve(id)
                try await fixture.control.wait(for: id, toBe: .ended)
            }
            #expect(fixture.control.step("t1").text.contains("main.tf"))
        }
    }

    private func canaries(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)")?.range(of: Data("canary-in-hcl".utf8)) != nil
        }
    }
}
