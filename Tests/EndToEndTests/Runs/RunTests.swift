import Foundation
import TestSupport
import Testing

/// The main job, as a user does it: over HTTP, with real git and real Terraform.
struct RunTests {
    @Test("a workspace on a git repository plans and applies, and a second job finds no changes", arguments: TestEngine.allCases)
    func planAndApply(engine: TestEngine) async throws {
        try await GitServer.with { git in
            let repository = try await git.repository("network")
            let commit = try await repository.commit([
                "live/main.tf": """
                variable "name" {}
                variable "zones" { type = list(string) }
                resource "terraform_data" "zone" {
                  for_each = toset(var.zones)
                  input    = "${var.name}-${each.key}"
                }
                output "zones" { value = [for zone in terraform_data.zone : zone.output] }
                """
            ])
            try await withServerProcess(engine) { _, client in
                let project = try await Project.make(on: client, source: repository.url, attributes: ["folder": "/live"])
                try await project.setVariable("name", "net")
                try await project.setVariable("zones", #"["a", "b"]"#, ["hcl": true])

                let first = try await project.start(template: "Plan and apply")
                #expect(try await first.end() == "completed")
                let job = try await first.job()
                #expect(job.string("commitId") == commit)
                #expect(job.attributes["planChanges"] as? Bool == true)
                #expect(try await first.log(step: 0).contains("2 to add"))
                #expect(try await first.log(step: 1).contains("Apply complete! Resources: 2 added"))
                let states = try await project.states()
                #expect(states.count == 1)
                let shown = try await client.get(states[0].string("output")).json
                let outputs = (shown["values"] as? [String: Any])?["outputs"] as? [String: [String: Any]]
                #expect(outputs?["zones"]?["value"] as? [String] == ["net-a", "net-b"])
                let raw = try await client.get(
                    "/tfstate/v1/organization/\(project.organization)/workspace/\(project.workspace)/state/terraform.tfstate"
                ).json
                #expect(raw["serial"] as? Int == states[0].attributes["serial"] as? Int)
                #expect(raw["lineage"] as? String == states[0].string("lineage"))
                let plan = "/tfstate/v1/organization/\(project.organization)/workspace/\(project.workspace)/jobId/\(first.id)/step"
                let document = try await client.get("\(plan)/\(try await first.steps()[0].id)/plan.json").json
                #expect((document["resource_changes"] as? [Any])?.count == 2)

                let second = try await project.start(template: "Plan and apply")
                #expect(try await second.end() == "completed")
                #expect(try await second.job().attributes["planChanges"] as? Bool == false)
                #expect(try await second.steps().map { $0.string("status") } == ["completed", "notExecuted"])
                #expect(try await project.states().count == 1)
            }
        }
    }

    @Test("a job waits for approval, and goes on or ends as a person decides", arguments: TestEngine.allCases)
    func approval(engine: TestEngine) async throws {
        try await withServerProcess(engine) { _, client in
            let project = try await Project.make(on: client)
            try await project.upload(#"resource "terraform_data" "one" { input = "1" }"#)

            let approved = try await project.start(Flow.approved)
            try await approved.follow(step: 0)
            #expect(try await approved.job().string("status") == "waitingApproval")
            let next = try await project.start(Flow.approved)
            #expect(try await next.job().string("status") == "pending")
            #expect(try await project.states().isEmpty)
            #expect(try await approved.set(status: "approved") == 204)
            #expect(try await approved.end() == "completed")
            #expect(try await project.states().count == 1)

            // The next one finds nothing to do; then a change that nobody wants.
            #expect(try await next.end() == "completed")
            try await project.upload(#"resource "terraform_data" "one" { input = "2" }"#)
            let rejected = try await project.start(Flow.approved)
            try await rejected.follow(step: 0)
            #expect(try await rejected.set(status: "rejected") == 204)
            #expect(try await rejected.end() == "rejected")
            #expect(try await rejected.set(status: "approved") == 409)
            #expect(try await project.states().count == 1)
        }
    }

    @Test("cancelling interrupts Terraform, keeps what it made, and frees the workspace")
    func cancel() async throws {
        try await withServerProcess { _, client in
            let project = try await Project.make(on: client)
            try await project.upload(
                """
                resource "terraform_data" "quick" { input = "kept" }
                resource "terraform_data" "slow" {
                  input      = terraform_data.quick.output
                  provisioner "local-exec" { command = "echo waiting; sleep 60" }
                }
                """
            )
            let slow = try await project.start(Flow.planAndApply)
            try await slow.follow(step: 1, until: "Executing:")
            #expect(try await slow.set(status: "cancelled") == 204)
            #expect(try await slow.job().string("status") == "cancelled")

            try await project.upload(#"resource "terraform_data" "quick" { input = "kept" }"#)
            let next = try await project.start(Flow.planAndApply)
            #expect(try await next.end() == "completed")
            let states = try await project.states()
            let first = try await String(decoding: project.rawState(states[0].id), as: UTF8.self)
            #expect(first.contains("quick"))
            #expect(try await slow.steps().map { $0.string("status") } == ["completed", "cancelled"])
        }
    }

    @Test("a configuration error fails the job with Terraform's own diagnostic in the log")
    func configurationError() async throws {
        try await withServerProcess { _, client in
            let project = try await Project.make(on: client)
            try await project.upload(#"resource "terraform_data" "x" { input = var.missing }"#)
            let run = try await project.start(Flow.planAndApply)
            #expect(try await run.end() == "failed")
            #expect(try await run.log(step: 0).contains("Reference to undeclared input variable"))
        }
    }

    @Test("an invalid flow makes a failed job whose step names the line")
    func invalidFlow() async throws {
        try await withServerProcess { _, client in
            let project = try await Project.make(on: client)
            try await project.upload("")
            let run = try await project.start("flow:\n- type: terraformPlan\n  step: 100\n- type: dance\n  step: 200\n")
            #expect(try await run.end() == "failed")
            #expect(try await run.log(step: 0).contains("line 4"))
        }
    }

    @Test(
        "a source that is no public repository, or a folder outside of it, is refused before anything runs",
        arguments: ["--upload-pack=touch /tmp/owned", "ext::sh -c whoami", "file:///etc", "/etc", "git@example.com:a/b.git"]
    )
    func badSource(source: String) async throws {
        try await withServerProcess { _, client in
            let project = try await Project.make(on: client, source: source)
            let run = try await project.start(Flow.planAndApply)
            #expect(try await run.end() == "failed")
            #expect(try await run.log(step: 0).contains("Error"))
        }
    }

    @Test("a folder that leaves the checkout is refused")
    func badFolder() async throws {
        try await GitServer.with { git in
            let repository = try await git.repository("escape")
            _ = try await repository.commit(["main.tf": ""])
            try await withServerProcess { _, client in
                for folder in ["../..", "/a/../../..", "missing"] {
                    let project = try await Project.make(on: client, source: repository.url, attributes: ["folder": folder])
                    let run = try await project.start(Flow.planAndApply)
                    #expect(try await run.end() == "failed", "\(folder)")
                    #expect(try await run.log(step: 0).contains("older"), "\(folder)")
                }
            }
        }
    }
}
