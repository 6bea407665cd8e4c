import JSONAPI
import TestSupport
import Testing

struct ModuleTests {
    private static let network: [String: JSONValue] = [
        "name": "network", "description": "Networks", "provider": "aws", "source": "https://git.example.com/network.git",
    ]

    @Test("a module shows the path that a module call names", arguments: TestEngine.allCases)
    func shape(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let list = "organization/\(try await server.makeOrganization())/module"
            let module = try await server.make("module", at: list, Self.network)
            let shown = try await server.get("\(list)/\(module)").attributes
            #expect(shown["registryPath"] == "acme/network/aws")
            #expect(shown["downloadQuantity"] == 0)
            #expect(shown["latestVersion"] == .null)
            #expect(try await server.get("\(list)?filter[module]=name==network;provider==aws").ids == [module])
            #expect(try await server.get("\(list)?filter[module]=registryPath==acme/network/aws").ids == [module])
            #expect(try await server.get("\(list)?filter[module]=name==network;provider==azurerm").ids == [])
            // What the server counts and computes is echoed by clients, and is not theirs to say.
            let echo: JSONValue = .resource(
                "module",
                id: module,
                ["registryPath": "", "downloadQuantity": 900, "latestVersion": "9.9.9", "description": "changed"]
            )
            try await #expect(server.patch("\(list)/\(module)", echo).status == 204)
            let after = try await server.get("\(list)/\(module)").attributes
            #expect(after["description"] == "changed")
            for name in ["registryPath", "downloadQuantity", "latestVersion"] { #expect(after[name] == shown[name], "\(name)") }
        }
    }

    @Test("a name is taken once for each provider in an organization", arguments: TestEngine.allCases)
    func duplicates(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let list = "organization/\(try await server.makeOrganization())/module"
            let elsewhere = "organization/\(try await server.makeOrganization("other"))/module"
            _ = try await server.make("module", at: list, Self.network)
            _ = try await server.make("module", at: elsewhere, Self.network)
            let azure = try await server.make("module", at: list, Self.network.merging(["provider": "azurerm"]) { _, new in new })
            let again = try await server.post(list, .resource("module", Self.network))
            #expect(again.status == 409)
            #expect(again.detail.contains("already exists"))
            let renamed = try await server.patch("\(list)/\(azure)", .resource("module", id: azure, ["provider": "aws"]))
            #expect(renamed.status == 409)
            #expect(try await server.count("module") == 3)
        }
    }

    @Test("a provider is letters and digits", arguments: TestEngine.allCases)
    func provider(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let list = "organization/\(try await server.makeOrganization())/module"
            for provider in ["", "google-beta", "a/b", "äws", "aws ", "a\u{301}", String(repeating: "a", count: 65)] {
                let module = Self.network.merging(["provider": .string(provider)]) { _, new in new }
                let refused = try await server.post(list, .resource("module", module))
                #expect(refused.status == 400, "\(provider)")
                #expect(refused.pointer == "/data/attributes/provider", "\(provider)")
            }
            #expect(try await server.count("module") == 0)
        }
    }

    @Test("a module borrows no credentials of another organization", arguments: TestEngine.allCases)
    func credentials(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let other = try await server.makeOrganization("other")
            let list = "organization/\(organization)/module"
            let module = try await server.make("module", at: list, Self.network)
            for (type, attributes) in Credentials.all {
                let own = try await server.make(type, at: "organization/\(organization)/\(type)", attributes)
                let foreign = try await server.make(type, at: "organization/\(other)/\(type)", attributes)
                let borrowing = Self.network.merging(["name": .string("borrowing-\(type)")]) { _, new in new }
                let refusals = [
                    try await server.post(list, .resource("module", borrowing, [type: .link(type, foreign)])),
                    try await server.patch("\(list)/\(module)", .resource("module", id: module, [:], [type: .link(type, foreign)])),
                ]
                for refused in refusals {
                    #expect(refused.status == 400, "\(type): \(refused.text)")
                    #expect(refused.pointer == "/data/relationships/\(type)")
                }
                let change: JSONValue = .resource("module", id: module, [:], [type: .link(type, own)])
                try await #expect(server.patch("\(list)/\(module)", change).status == 204)
                #expect(try await server.get("\(list)/\(module)").data?["relationships"]?[type] == .link(type, own))
                try await #expect(server.delete("organization/\(organization)/\(type)/\(own)").status == 409)
            }
        }
    }

    @Test("a module has each version once, as Terraform writes versions, and they go with it", arguments: TestEngine.allCases)
    func versions(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let modules = "organization/\(try await server.makeOrganization())/module"
            let module = try await server.make("module", at: modules, Self.network)
            let list = "\(modules)/\(module)/version"
            let first = try await server.make("module_version", at: list, ["version": "1.0.0", "commit": "c0ffee", "gitTag": "v1.0.0"])
            _ = try await server.make("module_version", at: list, ["version": "2.0.0-rc.1+build.7", "commit": "beef"])
            for version in ["v1.0.0", "1.0", "01.0.0", "latest", "", "1.0.0-", "1.0.0 ", "१.0.0"] {
                let refused = try await server.post(list, .resource("module_version", ["version": .string(version), "commit": "c"]))
                #expect(refused.pointer == "/data/attributes/version", "\(version)")
            }
            let again: JSONValue = .resource("module_version", ["version": "1.0.0", "commit": "other"])
            try await #expect(server.post(list, again).status == 409)
            #expect(try await server.get("\(modules)/\(module)?include=version").json["included"]?.array?.count == 2)
            try await #expect(server.patch("\(list)/\(first)", .resource("module_version", id: first, ["commit": "abc"])).status == 204)
            #expect(try await server.get("\(list)/\(first)").attributes == ["version": "1.0.0", "commit": "abc", "gitTag": "v1.0.0"])
            try await #expect(server.delete("\(list)/\(first)").status == 204)
            #expect(try await server.count("module_version") == 1)
            try await #expect(server.delete("\(modules)/\(module)").status == 204)
            #expect(try await server.count("module_version") == 0)
        }
    }
}
