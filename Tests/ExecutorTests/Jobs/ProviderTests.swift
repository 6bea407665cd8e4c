import Executor
import Foundation
import TestSupport
import Testing
import Wire

/// Needs a mirror folder with a real provider.
@Suite("Runs with providers", .timeLimit(.minutes(2)), .enabled(if: ProviderMirror.folder != nil))
struct ProviderTests {
    @Test("jobs at once install a provider from the mirror folder, which stays as it is")
    func mirror() async throws {
        let configuration = """
            terraform {
              required_providers {
                aws = {
                  source = "hashicorp/aws"
                }
              }
            }
            output "o" { value = 1 }
            """
        try await ExecutorFixture.withExecutor(slots: 2, configure: { $0.pluginDirectory = ProviderMirror.folder }) { fixture in
            var ids: [Int] = []
            for number in 1...3 {
                ids.append(try await fixture.start([.plan("plan\(number)")], files: ["main.tf": configuration], workspace: "w\(number)"))
            }
            for id in ids { try await fixture.control.wait(for: id, toBe: .ended) }
            for number in 1...3 {
                #expect(fixture.control.step("plan\(number)").text.contains("Installed hashicorp/aws"))
                #expect(fixture.control.step("plan\(number)").result?.outcome == .planned(hasChanges: true))
            }
            let lock = try #require(fixture.control.job(ids[0])?.plan?.lockFile)
            #expect(String(decoding: lock, as: UTF8.self).contains("registry.terraform.io/hashicorp/aws"))
            // Links to the mirror are nothing to keep.
            #expect(!FileManager.default.fileExists(atPath: "\(fixture.dataDirectory())/plugins"))
        }
    }
}
