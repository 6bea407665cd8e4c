import Foundation
import Testing
import Wire

@testable import Executor

@Suite("The CLI configuration of a job")
struct CLIConfigurationTests {
    @Test("only providers that the mirror really holds are kept from being downloaded")
    func mirror() throws {
        let folder = NSTemporaryDirectory() + "mirror-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for path in ["registry.terraform.io/hashicorp/aws/5.0.0/linux_amd64", "example.com/acme/thing/1.0.0/linux_amd64"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
        }
        let text = CLIConfiguration(pluginCache: "/c", pluginDirectory: folder, credentials: []).text
        #expect(text.contains("include = [\"example.com/acme/thing\", \"registry.terraform.io/hashicorp/aws\"]"))
        #expect(text.contains("exclude = [\"example.com/acme/thing\", \"registry.terraform.io/hashicorp/aws\"]"))
    }

    @Test("an empty mirror changes nothing; credentials are written per host")
    func credentials() {
        let text = CLIConfiguration(
            pluginCache: "/c",
            pluginDirectory: "/nonexistent",
            credentials: [HostCredential(host: "a.test:8443", token: "t\"k")]
        ).text
        #expect(!text.contains("provider_installation"))
        #expect(text.contains("credentials \"a.test:8443\" {\n  token = \"t\\\"k\"\n}"))
    }
}
