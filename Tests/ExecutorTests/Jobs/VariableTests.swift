import Executor
import Foundation
import Testing
import Wire

@Suite("Variables of a run", .timeLimit(.minutes(2)))
struct VariableTests {
    @Test("plain values convert by the declared type, HCL values are expressions, undeclared ones do no harm")
    func kinds() async throws {
        let configuration = """
            variable "text" { type = string }
            variable "number" { type = number }
            variable "flag" { type = bool }
            variable "list" { type = list(string) }
            variable "plain_list" { type = list(number) }
            variable "expression" { type = string }
            output "all" { value = jsonencode([var.text, var.number + 1, !var.flag, var.list, var.plain_list, var.expression]) }
            """
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start(
                [.apply()],
                files: ["main.tf": configuration],
                variables: [
                    JobVariable(key: "text", value: "with \"quotes\" and ${no} template\nand a line"),
                    JobVariable(key: "number", value: "41"),
                    JobVariable(key: "flag", value: "true"),
                    JobVariable(key: "list", value: "[\"a\", \"b\"]", isHCL: true),
                    JobVariable(key: "plain_list", value: "[1, 2]"),
                    JobVariable(key: "expression", value: "\"quoted\"", isHCL: true),
                    JobVariable(key: "undeclared", value: "x"),
                ]
            )
            try await fixture.control.wait(for: id, toBe: .ended)
            let log = fixture.control.step("apply").text
            #expect(log.contains(#"with \\\"quotes\\\" and ${no} template\\nand a line"#) || log.contains("with"))
            #expect(log.contains(#"\",42,false,[\"a\",\"b\"],[1,2],\"quoted\"]"#))
        }
    }

    @Test("a workspace's variable wins over a values file of the repository")
    func valuesFiles() async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start(
                [.apply()],
                files: [
                    "main.tf": "variable \"a\" { type = number }\nvariable \"b\" {}\noutput \"o\" { value = \"a=${var.a} b=${var.b}\" }",
                    "terraform.tfvars": "a = 1\nb = \"one\"\n", "x.auto.tfvars.json": #"{"b": "two"}"#,
                ],
                variables: [JobVariable(key: "a", value: "3"), JobVariable(key: "b", value: "${three}")]
            )
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("apply").text.contains("a=3 b=${three}"))
        }
    }

    @Test("a sensitive value is masked in the log and is on no command line")
    func sensitive() async throws {
        let secret = "tr0ub4dor&3"
        let configuration = """
            variable "secret" {}
            variable "object" { type = object({ user = string, password = string }) }
            resource "terraform_data" "one" { input = { s = var.secret, b = base64encode(var.secret), o = var.object, j = jsonencode(var.secret) } }
            """
        let look =
            "ps -eo args; tr '\\0' '\\n' < /proc/self/cmdline; echo \"token $TF_HTTP_PASSWORD\"; echo \"env $KEY\"; echo \"raw $secret\""
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start(
                [.plan(commands: [.bash(look, .before)]), .apply()],
                files: ["main.tf": configuration],
                variables: [
                    JobVariable(key: "secret", value: secret, isSensitive: true),
                    JobVariable(key: "object", value: "{ user = \"anna\", password = \"hunter22\" }", isHCL: true, isSensitive: true),
                ],
                environment: [JobVariable(key: "KEY", value: "line one\nline two", isSensitive: true)]
            )
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(fixture.control.step("apply").result?.outcome == .succeeded)
            let log = fixture.control.step("plan").text + fixture.control.step("apply").text
            for hidden in [
                secret, "hunter22", "line one", "line two", StateServer.token, Data(secret.utf8).base64EncodedString(), "u00263",
            ] {
                #expect(!log.contains(hidden), "\(hidden) is in the log")
            }
            #expect(log.contains("token ***\nenv ***\n***\nraw ***\n"))
            #expect(log.contains("user"))
        }
    }

    @Test("the environment of a run is the job's, not the server's")
    func environment() async throws {
        try await ExecutorFixture.withExecutor(configure: { configuration in
            configuration.environment["TERRAKUBE_SECRET_KEY"] = "server-secret"
            configuration.environment["HTTPS_PROXY"] = "http://proxy.test:3128"
            configuration.apiURL = "https://terrakube.test"
        }) { fixture in
            let id = try await fixture.start(
                [.scripts("scripts", [.bash("env | sort; ls -la /proc/self/cwd/; stat -c '%a %n' .. ../home")])],
                files: ["main.tf": ""],
                variables: [JobVariable(key: "region", value: "eu")],
                environment: [JobVariable(key: "OWN", value: "1"), JobVariable(key: "TF_HTTP_ADDRESS", value: "http://elsewhere")]
            )
            try await fixture.control.wait(for: id, toBe: .ended)
            let log = fixture.control.step("scripts").text
            #expect(!log.contains("server-secret"))
            #expect(!log.contains("http://elsewhere"))
            for line in [
                "OWN=1", "HTTPS_PROXY=http://proxy.test:3128", "TF_IN_AUTOMATION=1", "workspaceName=prod", "organizationName=acme",
                "region=eu", "jobId=\(id)", "stepId=scripts", "organizationId=org-id", "workspaceId=workspace-id", "branch=remote-content",
                "terrakubeApi=https://terrakube.test", "700 ..", "700 ../home",
            ] {
                #expect(log.contains("\n\(line)\n"), "\(line)")
            }
        }
    }

    @Test("a name that is no identifier fails the step", arguments: ["a b", "x = 1\ny", "1a", ""])
    func names(key: String) async throws {
        try await ExecutorFixture.withExecutor { fixture in
            let id = try await fixture.start(
                [.plan()],
                files: ["main.tf": ""],
                variables: [JobVariable(key: key, value: "1", isHCL: true)]
            )
            try await fixture.control.wait(for: id, toBe: .ended)
            #expect(
                fixture.control.step("plan").result?.outcome
                    == .failed(message: "\(key.debugDescription) cannot be the name of a Terraform variable.")
            )
        }
    }
}
