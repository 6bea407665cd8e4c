import JSONAPI
import TestSupport
import Testing

struct ProviderTests {
    /// A build for one platform.
    static func build(_ os: String, _ arch: String) -> [String: JSONValue] {
        [
            "os": .string(os), "arch": .string(arch), "filename": "terraform-provider-demo.zip",
            "downloadUrl": "https://example.com/demo.zip", "shasumsUrl": "https://example.com/SHA256SUMS",
            "shasumsSignatureUrl": "https://example.com/SHA256SUMS.sig", "shasum": "00ff", "keyId": "34365D9472D7468F",
            "asciiArmor": "-----BEGIN PGP PUBLIC KEY BLOCK-----", "trustSignature": "", "source": "acme",
            "sourceUrl": "https://example.com",
        ]
    }

    @Test("a provider has versions, and each of them a build for a platform", arguments: TestEngine.allCases)
    func lifecycle(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let list = "organization/\(try await server.makeOrganization())/provider"
            let provider = try await server.make("provider", at: list, ["name": "demo"])
            #expect(
                try await server.get("\(list)/\(provider)").attributes == [
                    "name": "demo", "description": .null, "imported": false, "registryNamespace": .null,
                ]
            )
            let versions = "\(list)/\(provider)/version"
            let version = try await server.make("version", at: versions, ["versionNumber": "1.2.3", "protocols": "5.0,6.0"])
            let builds = "\(versions)/\(version)/implementation"
            let linux = try await server.make("implementation", at: builds, Self.build("linux", "amd64"))
            _ = try await server.make("implementation", at: builds, Self.build("darwin", "arm64"))
            try await #expect(server.post(builds, .resource("implementation", Self.build("linux", "amd64"))).status == 409)
            #expect(try await server.get("\(builds)?filter[implementation]=os==linux;arch==amd64").ids == [linux])
            #expect(try await server.get("implementation/\(linux)").attributes["keyId"] == "34365D9472D7468F")
            let tree = try await server.get("\(list)/\(provider)?include=version.implementation")
            #expect(tree.json["included"]?.array?.count == 3)
            let change: JSONValue = .resource("implementation", id: linux, ["shasum": "ff00"])
            try await #expect(server.patch("implementation/\(linux)", change).status == 204)
            #expect(try await server.get("\(builds)/\(linux)").attributes["shasum"] == "ff00")
            try await #expect(server.delete("implementation/\(linux)").status == 204)
            try await #expect(server.delete("\(list)/\(provider)").status == 204)
            for table in ["version", "implementation"] { #expect(try await server.count(table) == 0, "\(table)") }
        }
    }

    @Test("names and versions are taken once, and must be what Terraform can ask for", arguments: TestEngine.allCases)
    func rules(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let list = "organization/\(try await server.makeOrganization())/provider"
            let provider = try await server.make("provider", at: list, ["name": "demo"])
            let again = try await server.post(list, .resource("provider", ["name": "demo"]))
            #expect(again.status == 409)
            #expect(again.detail == "A provider named demo already exists in this organization.")
            let versions = "\(list)/\(provider)/version"
            _ = try await server.make("version", at: versions, ["versionNumber": "1.0.0", "protocols": "6"])
            let wrong: [([String: JSONValue], String, Int)] = [
                (["versionNumber": "1.0.0", "protocols": "5.0"], "", 409),
                (["versionNumber": "v1.0.1", "protocols": "5.0"], "versionNumber", 400),
                (["versionNumber": "1.0.1", "protocols": ""], "protocols", 400),
                (["versionNumber": "1.0.1", "protocols": "5.0;6.0"], "protocols", 400),
                (["versionNumber": "1.0.1"], "protocols", 400),
            ]
            for (attributes, attribute, status) in wrong {
                let refused = try await server.post(versions, .resource("version", attributes))
                #expect(refused.status == status, "\(attributes)")
                #expect(status == 409 || refused.pointer == "/data/attributes/\(attribute)")
            }
        }
    }

    @Test("a build stays with its version, and nobody else's can be written", arguments: TestEngine.allCases)
    func strangers(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            var versions: [String] = []
            for name in ["acme", "other"] {
                let organization = try await server.makeOrganization(name)
                let list = "organization/\(organization)/provider"
                let provider = try await server.make("provider", at: list, ["name": "demo"])
                let attributes: [String: JSONValue] = ["versionNumber": "1.0.0", "protocols": "5.0"]
                versions.append(try await server.make("version", at: "\(list)/\(provider)/version", attributes))
                _ = try await server.makeTeam(name, in: organization, flags: ["manageProvider"])
            }
            let anna = try await server.makeUser("anna", groups: ["acme"])
            func build(for version: String) -> JSONValue {
                .resource("implementation", Self.build("linux", "amd64"), ["version": .link("version", version)])
            }
            let own = try await server.post("implementation", build(for: versions[0]), as: anna)
            #expect(own.status == 201, "\(own.text)")
            try await #expect(server.post("implementation", build(for: versions[1]), as: anna).status == 400)
            let foreign = try #require(try await server.post("implementation", build(for: versions[1])).id)
            #expect(try await server.get("implementation", as: anna).ids == [try #require(own.id)])
            #expect(try await server.get("implementation/\(foreign)", as: anna).status == 404)
            let body: JSONValue = .resource("implementation", id: foreign, ["downloadUrl": "https://evil.example.com"])
            try await #expect(server.patch("implementation/\(foreign)", body, as: anna).status == 404)
            try await #expect(server.delete("implementation/\(foreign)", as: anna).status == 404)
            let id = try #require(own.id)
            let move: JSONValue = .resource("implementation", id: id, [:], ["version": .link("version", versions[1])])
            try await #expect(server.patch("implementation/\(id)", move).status == 400)
        }
    }
}
