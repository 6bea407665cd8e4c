import Foundation
import TestSupport
import Testing

/// A secret that is seeded, and looked for everywhere.
struct CanaryTests {
    @Test("a sensitive value appears in no answer, log, file or process argument")
    func canary() async throws {
        let secret = "canary-\(UUID().uuidString)"
        try await withServerProcess { server, client in
            let project = try await Project.make(on: client)
            try await project.setVariable("password", secret, ["sensitive": true])
            try await project.setVariable("TOKEN", secret, ["sensitive": true, "category": "ENV"])
            let vcs = try await client.create(
                "vcs",
                at: "/organization/\(project.organization)/vcs",
                ["name": "v", "description": "d", "vcsType": "BITBUCKET", "clientId": "key", "clientSecret": secret]
            )
            #expect(vcs.status == 201)
            try await project.upload(
                """
                variable "password" { sensitive = true }
                resource "terraform_data" "x" {
                  input = var.password
                  provisioner "local-exec" { command = "echo $TOKEN; sleep 1" }
                }
                """
            )
            let run = try await project.start(
                """
                flow:
                - type: "terraformPlan"
                  step: 100
                  commands:
                  - runtime: "BASH"
                    priority: 1
                    before: true
                    script: |
                      echo "the token is $TOKEN and ${TF_VAR_password}"
                - type: "terraformApply"
                  step: 200
                """
            )
            var arguments = ""
            while ["pending", "running"].contains(try await run.steps()[1].string("status")) {
                arguments += Traces.processArguments()
            }
            #expect(try await run.end() == "completed")
            #expect(arguments.contains("terraform"), "the arguments of the run's processes were seen")
            #expect(arguments.contains(secret) == false)

            let paths = [
                "/api/v1/organization", "/api/v1\(project.workspacePath)?include=variable,job,history",
                "/api/v1\(project.workspacePath)/variable", "/api/v1/organization/\(project.organization)/vcs",
                "/api/v1/organization/\(project.organization)/job?include=step,address",
            ]
            for path in paths {
                let answer = try await client.get(path)
                #expect(answer.status == 200)
                #expect(answer.text.contains(secret) == false, "\(path)")
            }
            #expect(vcs.text.contains(secret) == false)
            let log = try await run.log(step: 0) + run.log(step: 1)
            #expect(log.contains("the token is"))
            #expect(log.contains(secret) == false)
            #expect(Traces.files(below: server.dataDirectory, holding: [secret, client.token]).isEmpty)
            #expect(Traces.files(below: server.dataDirectory, holding: ["terraform_data"]).contains { $0.contains("blobs") } == false)
        }
    }
}
