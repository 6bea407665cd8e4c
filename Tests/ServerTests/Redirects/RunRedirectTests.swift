import HTTPTypes
import TestSupport
import Testing

struct RunRedirectTests {
    @Test("the address that the Terraform CLI prints leads to the page of the run")
    func redirect() async throws {
        try await withServer(.sqlite) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.makeJob(in: workspace, flow: Flows.plan)
            for name in ["run-\(job)", "\(job)"] {
                let answer = try await server.get("/app/acme/network/runs/\(name)", as: .nobody)
                #expect(answer.status == 302)
                #expect(answer.headers[.location] == "/runs/\(job)")
            }
        }
    }

    @Test("nobody learns from it which runs there are")
    func unknownRuns() async throws {
        try await withServer(.sqlite) { server in
            let stranger = try await server.makeUser("sam")
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let job = try await server.makeJob(in: workspace, flow: Flows.plan)
            for run in [job, 4711] {
                #expect(try await server.get("/app/any/thing/runs/run-\(run)", as: .nobody).headers[.location] == "/runs/\(run)")
                let page = try await server.get("/runs/\(run)", as: .nobody)
                #expect(page.headers[.location] == "/login?next=/runs/\(run)")
                #expect(try await server.get("/runs/\(run)", as: stranger).status == 404)
            }
            for odd in ["run-", "run-x", "-", "run-run-1"] {
                #expect(try await server.get("/app/acme/network/runs/\(odd)", as: .nobody).status == 404, "\(odd)")
            }
        }
    }
}
