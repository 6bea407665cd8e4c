import Crypto
import Foundation
import JSONAPI
import TestSupport
import Testing

struct StateBackendTests {
    @Test("a workspace without state answers 404, as Terraform expects", arguments: TestEngine.allCases)
    func noState(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            #expect(try await server.currentState(workspace).status == 404)
            #expect(try await server.currentState("no-such-workspace").status == 404)
            try await #expect(server.write(States.state(serial: 1), to: "no-such-workspace").status == 404)
        }
    }

    @Test("a version is kept byte for byte, and shown in all three forms", arguments: TestEngine.allCases)
    func forms(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace(in: organization)
            let (first, second) = (States.state(serial: 1, output: "one"), States.state(serial: 4, output: "two"))
            for state in [first, second] { try await #expect(server.write(state, to: workspace).status == 200) }
            let history = try await server.get("workspace/\(workspace)/history?sort=serial")
            try #require(history.ids.count == 2)
            #expect(history.values("serial") == [1, 4])
            #expect(history.values("lineage") == [.string(States.lineage), .string(States.lineage)])
            #expect(history.values("md5") == [first, second].map { .string(Insecure.MD5.hash(data: $0).hex) })
            #expect(history.values("createdBy") == ["admin@example.com", "admin@example.com"])
            let folder = "/tfstate/v1/organization/\(organization)/workspace/\(workspace)/state"
            #expect(history.values("output")[0] == .string("\(TestServer.publicURL)\(folder)/\(history.ids[0]).json"))
            #expect(try await server.currentState(workspace).body == second)
            #expect(try await server.get("\(folder)/terraform.tfstate").body == second)
            #expect(try await server.get("\(folder)/\(history.ids[0]).raw.json").body == first)
            let shown = try await server.get("\(folder)/\(history.ids[0]).json").json
            #expect(shown["values"]?["outputs"]?["greeting"]?["value"] == "one")
            #expect(shown["terraform_version"] == "1.11.4")
            for missing in [
                "no-such-version.json", "no-such-version.raw.json", "terraform.tfplan", "\(history.ids[0]).txt", "..%2f..%2fx.json",
            ] {
                #expect(try await server.get("\(folder)/\(missing)").status == 404, "\(missing)")
            }
            try await server.expectNowhereOnDisk("\"greeting\"")
        }
    }

    @Test("a state of eight megabytes comes back byte for byte", arguments: TestEngine.allCases)
    func large(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let state = States.state(serial: 1, padding: 8 * 1024 * 1024)
            try #require(state.count > 8 * 1024 * 1024)
            try await #expect(server.write(state, to: workspace).status == 200)
            #expect(try await server.currentState(workspace).body == state)
        }
    }

    @Test("the same bytes again are acknowledged without a new version", arguments: TestEngine.allCases)
    func repetition(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            for _ in 0..<3 { try await #expect(server.write(States.state(serial: 1), to: workspace).status == 200) }
            #expect(try await server.count("history") == 1)
            #expect(try server.files().filter { $0.path.contains("/tfstate/") }.count == 1)
        }
    }

    @Test("a state that does not follow the current one is refused", arguments: TestEngine.allCases)
    func successors(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            try await #expect(server.write(States.state(serial: 5), to: workspace).status == 200)
            for (state, reason) in [
                (States.state(serial: 5, output: "other"), "serial"), (States.state(serial: 4), "serial"),
                (States.state(serial: 6, lineage: "another"), "lineage"),
            ] {
                let refused = try await server.write(state, to: workspace)
                #expect(refused.status == 409)
                #expect(refused.detail.contains(reason))
            }
            #expect(try await server.currentState(workspace).body == States.state(serial: 5))
            #expect(try server.files().filter { $0.path.contains("/tfstate/") }.count == 1)
        }
    }

    @Test("what is no state is refused", arguments: TestEngine.allCases)
    func garbage(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let bodies = [
                "", "{}", "null", "[]", "not json", "{\"version\":3,\"serial\":1,\"lineage\":\"x\"}", "{\"version\":4,\"lineage\":\"x\"}",
                "{\"version\":4,\"serial\":-1,\"lineage\":\"x\"}", "{\"version\":4,\"serial\":1,\"lineage\":\"\"}",
                "{\"version\":4,\"serial\":\"1\",\"lineage\":\"x\"}", "{\"version\":4,\"serial\":1.5,\"lineage\":\"x\"}",
                "{\"version\":4,\"serial\":99999999999999999999,\"lineage\":\"x\"}", "{\"version\":4,\"serial\":1,\"lineage\":\"x\"",
            ]
            for body in bodies {
                #expect(try await server.write(Data(body.utf8), to: workspace).status == 400, "\(body)")
            }
            try await #expect(server.write(Data([0xff, 0xfe]), to: workspace).status == 400)
            let lineage = "{\"version\":4,\"serial\":1,\"lineage\":\"a\\u0000b\"}"
            try await #expect(server.write(Data(lineage.utf8), to: workspace).status == 400)
            #expect(try await server.count("history") == 0)
            #expect(try server.files().contains { $0.path.contains("/tfstate/") } == false)
        }
    }

    // MARK: Locks

    @Test("who waits for the lock is told who holds it", arguments: TestEngine.allCases)
    func lockDocument(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            try await #expect(server.lock("first", workspace).status == 200)
            let held = try await server.lock("second", workspace)
            #expect(held.status == 423)
            #expect(held.body == States.lock("first"))
            // Terraform repeats a request whose answer got lost.
            try await #expect(server.lock("first", workspace).status == 200)
            let wrong = try await server.unlock("second", workspace)
            #expect(wrong.status == 423)
            #expect(wrong.body == States.lock("first"))
            try await #expect(server.unlock("first", workspace).status == 200)
            try await #expect(server.unlock("first", workspace).status == 200)
            try await #expect(server.lock("second", workspace).status == 200)
            // `terraform force-unlock` sends no document.
            let forced = try await server.send(.unlock, "/tfstate/v1/backend/\(workspace)", Data())
            #expect(forced.status == 200)
            #expect(try await server.count("state_lock") == 0)
        }
    }

    @Test("only who holds the lock writes", arguments: TestEngine.allCases)
    func lockedWrites(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            try await #expect(server.lock("mine", workspace).status == 200)
            for lock in [nil, "other", ""] {
                let refused = try await server.write(States.state(serial: 1), to: workspace, lock: lock)
                #expect(refused.status == 423)
            }
            #expect(try await server.count("history") == 0)
            try await #expect(server.write(States.state(serial: 1), to: workspace, lock: "mine").status == 200)
            #expect(try server.files().filter { $0.path.contains("/tfstate/") }.count == 1)
        }
    }

    @Test("a lock document needs an id", arguments: TestEngine.allCases)
    func badLocks(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let path = "/tfstate/v1/backend/\(workspace)"
            for body in ["", "{}", "{\"ID\":\"\"}", "{\"ID\":5}", "nonsense", "{\"ID\":\"a\\u0000\"}"] {
                try await #expect(server.send(.lock, path, Data(body.utf8)).status == 400, "\(body)")
            }
            let long = Data("{\"ID\":\"x\",\"Info\":\"\(String(repeating: "y", count: 70_000))\"}".utf8)
            try await #expect(server.send(.lock, path, long).status == 413)
            #expect(try await server.count("state_lock") == 0)
        }
    }

    @Test("of 64 that want the lock at the same moment, exactly one gets it", arguments: TestEngine.allCases)
    func contention(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            for round in 0..<10 {
                let answers = try await withThrowingTaskGroup(of: (String, Answer).self) { group in
                    for contender in 0..<64 {
                        group.addTask {
                            let id = "\(round)-\(contender)"
                            return (id, try await server.lock(id, workspace))
                        }
                    }
                    return try await group.reduce(into: [(String, Answer)]()) { $0.append($1) }
                }
                let winners = answers.filter { $0.1.status == 200 }.map(\.0)
                try #require(winners.count == 1)
                let losers = answers.filter { $0.1.status == 423 && $0.1.body == States.lock(winners[0]) }
                #expect(losers.count == 63)
                try await #expect(server.unlock(winners[0], workspace).status == 200)
            }
        }
    }

    @Test("of many writes of the same serial at the same moment, exactly one becomes the version", arguments: TestEngine.allCases)
    func writeRace(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            let accepted = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        (writer, try await server.write(States.state(serial: 1, output: "writer \(writer)"), to: workspace).status)
                    }
                }
                return try await group.reduce(into: [Int]()) { if $1.1 == 200 { $0.append($1.0) } else { #expect($1.1 == 409) } }
            }
            try #require(accepted.count == 1)
            #expect(try await server.currentState(workspace).body == States.state(serial: 1, output: "writer \(accepted[0])"))
            #expect(try server.files().filter { $0.path.contains("/tfstate/") }.count == 1)
        }
    }

    @Test("a version whose bytes are gone is an error, never an empty state", arguments: TestEngine.allCases)
    func missingBytes(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            try await #expect(server.write(States.state(serial: 1), to: workspace).status == 200)
            for file in try server.files() where file.path.contains("/tfstate/") { try FileManager.default.removeItem(at: file) }
            // Terraform takes 404 for "there is nothing yet", and would create everything again.
            #expect(try await server.currentState(workspace).status == 500)
        }
    }

    @Test("a version whose bytes were altered is an error", arguments: TestEngine.allCases)
    func alteredBytes(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            try await #expect(server.write(States.state(serial: 1), to: workspace).status == 200)
            for file in try server.files() where file.path.contains("/tfstate/") {
                var bytes = try Data(contentsOf: file)
                bytes[bytes.count - 1] ^= 1
                try bytes.write(to: file)
            }
            #expect(try await server.currentState(workspace).status == 500)
        }
    }

    @Test("state versions are read only through the API", arguments: TestEngine.allCases)
    func readOnly(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
            try await #expect(server.write(States.state(serial: 1), to: workspace).status == 200)
            let list = "workspace/\(workspace)/history"
            let version = try #require(try await server.get(list).ids.first)
            try await #expect(server.post(list, .resource("history", ["serial": 2])).status == 403)
            try await #expect(server.patch("\(list)/\(version)", .resource("history", id: version, ["serial": 2])).status == 403)
            try await #expect(server.delete("\(list)/\(version)").status == 403)
        }
    }
}

extension Insecure.MD5Digest {
    fileprivate var hex: String { map { String(format: "%02x", $0) }.joined() }
}
