import JSONAPI
import TestSupport
import Testing

struct ListingTests {
    @Test("a page of a list, with a relation that it includes and a filter, takes at most five statements", arguments: TestEngine.allCases)
    func statements(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let project = try await server.make("project", at: "organization/\(organization)/project", ["name": "p"])
            for number in 0..<30 {
                let workspace = try await server.makeWorkspace("w-\(number)", in: organization, project: number % 2 == 0 ? project : nil)
                _ = try await server.makeVariable("k", "v", in: workspace)
                _ = try await server.makeJob(in: workspace, flow: Flows.plan)
            }
            let counting = CountingDatabase(base: server.database)
            let api = try server.nativeAPI(on: counting)
            for (path, query, included) in [
                ("/organization/\(organization)/workspace", "filter[workspace]=name==*w-*&include=job", 20),
                ("/organization/\(organization)/job", "filter[job]=status==pending&sort=-id&include=step", 20),
            ] {
                let answer = await api.get(path, query: "\(query)&page[number]=1&page[size]=20")
                let document = try JSONValue(parsing: try #require(answer.body))
                #expect(document["data"]?.array?.count == 20, "\(path)")
                #expect(document["included"]?.array?.count == included, "\(path)")
                #expect(counting.takeCount() <= 5, "\(path)")
            }
        }
    }
}
