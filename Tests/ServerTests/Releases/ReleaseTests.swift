import Foundation
import HTTPTypes
import JSONAPI
import Server
import TestSupport
import Testing

struct ReleaseTests {
    private static let terraform = Data(#"{"name":"terraform","versions":{"1.11.4":{}}}"#.utf8)
    private static let tofu = Data(#"[{"tag_name":"v1.9.0"}]"#.utf8)

    @Test("the publishers' lists are passed through to anybody, and asked for once in half an hour")
    func passingThrough() async throws {
        try await with { files, configuration in
            let clock = TestClock()
            try await withServer(configuration, clock: clock) { server in
                for _ in 0..<3 {
                    let answer = try await server.get("/terraform/index.json", as: .nobody)
                    #expect(answer.status == 200)
                    #expect(answer.body == Self.terraform)
                    #expect(answer.headers[.contentType] == "application/json")
                }
                #expect(try await server.get("/tofu/index.json", as: .nobody).body == Self.tofu)
                #expect(files.requests == ["/terraform.json", "/tofu.json"])
                try files.write(Data("[]".utf8), to: "tofu.json")
                clock.advance(seconds: 29 * 60)
                #expect(try await server.get("/tofu/index.json").body == Self.tofu)
                clock.advance(seconds: 60)
                #expect(try await server.get("/tofu/index.json").text == "[]")
                #expect(files.requests == ["/terraform.json", "/tofu.json", "/tofu.json"])
            }
        }
    }

    @Test("of many clients one waits for the publisher, the others for it")
    func burst() async throws {
        try await with { files, configuration in
            try await withServer(configuration) { server in
                try await withThrowingTaskGroup(of: Data.self) { group in
                    for _ in 0..<20 {
                        group.addTask { try await server.get("/terraform/index.json").body }
                    }
                    for try await body in group { #expect(body == Self.terraform) }
                }
                #expect(files.requests == ["/terraform.json"])
            }
        }
    }

    @Test("an old list is better than none, also after a restart", arguments: ["missing", "<html>sign in</html>"])
    func stale(answer: String) async throws {
        try await with { files, configuration in
            let clock = TestClock()
            func fail() throws {
                if answer == "missing" {
                    try FileManager.default.removeItem(at: files.root.appending(path: "terraform.json"))
                } else {
                    try files.write(Data(answer.utf8), to: "terraform.json")
                }
            }
            try await withServer(configuration, clock: clock) { server in
                let first = try await server.get("/terraform/index.json")
                #expect(first.body == Self.terraform)
            }
            try fail()
            try await withServer(configuration, clock: clock) { server in
                for _ in 0..<3 {
                    let stale = try await server.get("/terraform/index.json")
                    #expect(stale.body == Self.terraform)
                }
                #expect(files.requests.count == 2)
                // The publisher is asked again soon.
                try files.write(Self.tofu, to: "terraform.json")
                clock.advance(seconds: 61)
                #expect(try await server.get("/terraform/index.json").body == Self.tofu)
            }
        }
    }

    @Test("without any list the answer is 503, and says so in JSON")
    func unavailable() async throws {
        try await with { files, configuration in
            try FileManager.default.removeItem(at: files.root.appending(path: "tofu.json"))
            try await withServer(configuration) { server in
                for _ in 0..<2 {
                    let answer = try await server.get("/tofu/index.json", as: .nobody)
                    #expect(answer.status == 503)
                    #expect(answer.json["error"]?.string?.contains("temporarily unavailable") == true)
                }
                #expect(files.requests == ["/tofu.json"])
            }
        }
    }

    /// A publisher of both, and a server that knows it.
    private func with(_ body: @escaping @Sendable (FileServer, ServerConfiguration) async throws -> Void) async throws {
        try await FileServer.with { files in
            try files.write(Self.terraform, to: "terraform.json")
            try files.write(Self.tofu, to: "tofu.json")
            try await withTemporaryDirectory { directory in
                var configuration = ServerConfiguration()
                configuration.dataDirectory = directory.path(percentEncoded: false)
                configuration.executors = 0
                configuration.publicURL = TestServer.publicURL
                configuration.administratorPassword = "correct horse"
                configuration.terraformReleasesURL = "\(files.url)/terraform.json"
                configuration.tofuReleasesURL = "\(files.url)/tofu.json"
                try await body(files, configuration)
            }
        }
    }
}
