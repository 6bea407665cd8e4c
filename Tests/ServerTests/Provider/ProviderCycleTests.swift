import JSONAPI
import TestSupport
import Testing

/// The Terraform provider terrakube-io/terrakube is a client that nobody here can change: what it sends has to work.
struct ProviderCycleTests {
    @Test(
        "the Terraform provider creates, reads, changes and deletes its resources",
        arguments: TestEngine.allCases,
        ProviderCycle.ofOrganization + ProviderCycle.ofWorkspace + ProviderCycle.ofAccess
    )
    func cycle(engine: TestEngine, cycle: ProviderCycle) async throws {
        try await withServer(engine) { server in
            try await cycle.run(ProviderClient(server: server), try await ProviderEstate(server))
        }
    }

    @Test("the Terraform provider brings the triggers and templates of a notification to what is wanted", arguments: TestEngine.allCases)
    func notification(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let client = ProviderClient(server: server)
            let estate = try await ProviderEstate(server)
            let document = ProviderClient.document("notification_configuration", ProviderBody(ProviderCycle.notification))
            let id = try #require(try await client.post("\(estate.own)/notificationConfiguration", document).id)
            let path = "notification_configuration/\(id)"
            for wanted in [["completed", "failed"], ["failed", "waitingApproval"], []] {
                var present: [String: String] = [:]
                let list = try await client.get("\(path)/triggers")
                for (id, status) in zip(list.ids, list.values("jobStatus")) { present[status.string ?? ""] = id }
                for status in wanted where present[status] == nil {
                    let trigger = ProviderClient.document("notification_trigger", ProviderBody(["jobStatus": .string(status)]))
                    try await #expect(client.post("\(path)/triggers", trigger).status == 201)
                }
                for (status, id) in present where wanted.contains(status) == false {
                    try await #expect(client.delete("\(path)/triggers/\(id)").status == 204)
                }
                #expect(Set(try await client.get("\(path)/triggers").values("jobStatus")) == Set(wanted.map(JSONValue.string)))
            }
            for wanted in [[estate.template], []] {
                let linkage: JSONValue = ["data": .array(wanted.map { ["type": "template", "id": .string($0)] })]
                try await #expect(client.patch("\(path)/relationships/templates", linkage).status == 204)
                #expect(try await client.get("\(path)/templates").ids == wanted)
            }
            // The data source finds it by its name, and tells by the linkage whose it is.
            let found = try await client.get("\(estate.root)/notificationConfiguration?filter[notification_configuration]=name==ops")
            #expect(found.ids == [id])
            #expect(found.data?.array?.first?["relationships"]?["workspace"] == .link("workspace", estate.workspace))
        }
    }

    @Test("the Terraform provider finds the organization of a webhook by way of its workspace", arguments: TestEngine.allCases)
    func webhook(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let client = ProviderClient(server: server)
            let estate = try await ProviderEstate(server)
            let webhook = try await client.get("webhook/\(estate.webhook)")
            let workspace = try #require(webhook.data?["relationships"]?["workspace"]?["data"]?["id"]?.string)
            let organization = try await client.get("workspace/\(workspace)").data?["relationships"]?["organization"]?["data"]?["id"]
            #expect(organization == .string(estate.organization))
            #expect(try await client.get("\(estate.own)/webhook/\(estate.webhook)/events").ids == [])
        }
    }
}
