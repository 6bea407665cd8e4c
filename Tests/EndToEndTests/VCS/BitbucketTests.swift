import Foundation
import NIOHTTP1
import TestSupport
import Testing

/// The page that users follow, step by step, with the shipped binary, real git and real Terraform; only Bitbucket itself
/// is a strict fake on this machine.
@Suite("Bitbucket, as a user connects it", .timeLimit(.minutes(5)))
struct BitbucketTests {
    private static let environment = ["TERRAKUBE_ALLOW_PRIVATE_ENDPOINTS": "true", "TERRAKUBE_LOG_LEVEL": "trace"]

    /// Steps 1 to 5 of docs/vcs-bitbucket.md.
    ///
    /// - Returns: The connection's id.
    private func connect(_ host: FakeVCSHost, to organization: String, on client: APIClient) async throws -> String {
        let made = try await client.create(
            "vcs",
            at: "/organization/\(organization)/vcs",
            [
                "name": "bitbucket", "description": "ours", "vcsType": "BITBUCKET", "clientId": host.clientID,
                "clientSecret": host.clientSecret, "endpoint": host.url, "apiUrl": host.apiURL,
            ]
        )
        try #require(made.status == 201, "\(made.text)")
        let id = made.resource.id
        #expect(made.resource.string("status") == "PENDING")
        try await host.setCallback("\(client.url)/callback/v1/vcs/\(id)")
        let page = try await host.browse(
            "\(host.url)/site/oauth2/authorize?client_id=\(host.clientID)&response_type=code&response_type=code&scope=repository"
        )
        let shown = try await host.browse(try #require(page.location))
        #expect(shown.status == 200)
        #expect(shown.body == Data("Connected".utf8))
        let vcs = try await client.get("/api/v1/organization/\(organization)/vcs/\(id)").resource
        #expect(vcs.string("status") == "COMPLETED")
        return id
    }

    @Test(
        "the page works step by step, and a private repository plans and applies without leaving a secret anywhere",
        arguments: TestEngine.allCases
    )
    func page(engine: TestEngine) async throws {
        try await FakeVCSHost.with(.bitbucket) { host in
            let repository = try await host.repository()
            let commit = try await repository.commit([
                "live/main.tf": """
                resource "terraform_data" "x" {
                  input = "private"
                  provisioner "local-exec" { command = "sleep 1" }
                }
                output "from" { value = terraform_data.x.output }
                """
            ])
            try await withServerProcess(engine, environment: Self.environment) { server, client in
                let project = try await Project.make(on: client, source: repository.url, attributes: ["folder": "/live"])
                let connection = try await connect(host, to: project.organization, on: client)
                try await project.use(connection: connection)
                let run = try await project.start(Flow.planAndApply)
                var arguments = ""
                while ["pending", "running"].contains(try await run.steps()[1].string("status")) {
                    arguments += Traces.processArguments()
                }
                #expect(try await run.end() == "completed")
                let log = try await run.log(step: 0) + run.log(step: 1)
                #expect(log.contains("from = \"private\""))
                #expect(try await run.job().string("commitId") == commit)

                let report = try await host.report()
                #expect(report.violations == [])
                #expect(report.grants == ["authorization_code 200"])
                #expect(report.requests.contains { $0.hasPrefix("POST /acme/infra.git/git-upload-pack 200") })

                let secrets = report.secrets + [host.clientSecret]
                let answers = try await [
                    "/api/v1/organization/\(project.organization)/vcs", "/api/v1\(project.workspacePath)?include=vcs,job,history",
                    "/api/v1/organization/\(project.organization)/job?include=step",
                ].asyncMap { try await client.get($0).text }
                #expect(arguments.contains("terraform"), "the arguments of the run's processes were seen")
                #expect(server.log.isEmpty == false)
                for secret in secrets {
                    let basic = Data("x-token-auth:\(secret)".utf8).base64EncodedString()
                    for text in answers + [log, arguments, server.log] {
                        #expect(text.contains(secret) == false)
                        #expect(text.contains(basic) == false)
                    }
                }
                #expect(Traces.files(below: server.dataDirectory, holding: secrets) == [])
            }
        }
    }

    @Test("twenty jobs with an expired token cause one renewal")
    func manyJobs() async throws {
        try await FakeVCSHost.with(.bitbucket) { host in
            let repository = try await host.repository()
            try await repository.commit(["main.tf": "output \"o\" { value = 1 }"])
            try await withServerProcess(environment: Self.environment.merging(["TERRAKUBE_EXECUTORS": "20"]) { _, new in new }) {
                _,
                client in
                // Only the first token has a short life: it is over when the jobs begin.
                try await host.setLifetime(seconds: 1)
                let first = try await Project.make(on: client, source: repository.url)
                let connection = try await connect(host, to: first.organization, on: client)
                try await host.expireAccessTokens()
                try await host.setLifetime(seconds: 7200)
                try await host.delayTokens(milliseconds: 500)
                var runs: [Run] = []
                for number in 0..<20 {
                    let answer = try await client.create(
                        "workspace",
                        at: "/organization/\(first.organization)/workspace",
                        ["name": "w\(number)", "source": repository.url, "branch": "main", "terraformVersion": "~> 1.11"]
                    )
                    let project = Project(client: client, organization: first.organization, workspace: answer.resource.id)
                    try await project.use(connection: connection)
                    runs.append(try await project.start("flow:\n- type: \"terraformPlan\"\n  step: 100\n"))
                }
                for run in runs {
                    let status = try await run.end()
                    #expect(["completed", "noChanges"].contains(status), "\(status)")
                }
                let report = try await host.report()
                #expect(report.grants == ["authorization_code 200", "refresh_token 200"])
                #expect(report.violations == [])
            }
        }
    }

    @Test("a connection that was taken back fails the job with its reason and no plan; connecting again mends it")
    func revoked() async throws {
        try await FakeVCSHost.with(.bitbucket) { host in
            let repository = try await host.repository()
            try await repository.commit(["main.tf": "output \"o\" { value = 1 }"])
            try await withServerProcess(environment: Self.environment) { _, client in
                let project = try await Project.make(on: client, source: repository.url)
                let connection = try await connect(host, to: project.organization, on: client)
                try await project.use(connection: connection)
                try await host.revokeEverything()
                let run = try await project.start(Flow.planAndApply)
                #expect(try await run.end() == "failed")
                let log = try await run.log(step: 0)
                #expect(log.contains("The connection bitbucket can't be used. Bitbucket does not accept the authorization any more"))
                #expect(log.contains("Plan:") == false)
                let path = "/api/v1/organization/\(project.organization)/vcs/\(connection)"
                #expect(try await client.get(path).resource.string("status") == "ERROR")
                let page =
                    "\(host.url)/site/oauth2/authorize?client_id=\(host.clientID)&response_type=code&response_type=code&scope=repository"
                // The time for connecting by hand ended with the first success.
                let closed = try await host.browse(try #require(try await host.browse(page).location))
                #expect(closed.status == 409)
                #expect(try await client.send(.POST, "/connect/v1/vcs/\(connection)/manual").status == 204)
                let shown = try await host.browse(try #require(try await host.browse(page).location))
                #expect(shown.text == "Connected")
                #expect(try await project.start(Flow.planAndApply).end() == "completed")
            }
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
