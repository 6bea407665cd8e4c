import Database
import Foundation
import HTTPTypes
import Service
import TestSupport
import Testing
import Wire

@testable import Runs

struct LogTests {
    /// A job whose first step runs.
    struct Running: Sendable {
        let executor: FakeExecutor
        let assignment: JobAssignment
        let path: String

        init(_ server: TestServer) async throws {
            let organization = try await server.makeOrganization()
            let workspace = try await server.makeWorkspace("logged", in: organization)
            let job = try await server.startJob(in: workspace, flow: Flows.script)
            executor = FakeExecutor(server)
            assignment = try await executor.claim()
            try await executor.control.begin(step: assignment.step.id, commit: nil, lease: assignment.lease)
            path = "/tfoutput/v1/organization/\(organization)/job/\(job)/step/\(assignment.step.id)"
        }

        func append(_ bytes: Data, at offset: Int) async throws {
            try await executor.control.append(LogChunk(stepID: assignment.step.id, offset: offset, bytes: bytes), lease: assignment.lease)
        }

        func append(_ text: String, at offset: Int) async throws {
            try await append(Data(text.utf8), at: offset)
        }

        func end() async throws {
            _ = try await executor.control.complete(.init(stepID: assignment.step.id, outcome: .succeeded), lease: assignment.lease)
        }
    }

    @Test("chunks come in order, a repeated one changes nothing, and a gap is refused", arguments: TestEngine.allCases)
    func chunks(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let running = try await Running(server)
            #expect(try await server.get(running.path).text == "")
            try await running.append("one\n", at: 0)
            try await running.append("two\n", at: 4)
            try await running.append("one\n", at: 0)
            try await running.append("two\n", at: 4)
            for offset in [14, 9, -1, .max] {
                await #expect(throws: LogGap.self) { try await running.append("four\n", at: offset) }
            }
            try await running.append("", at: 8)
            // A repeated chunk may have grown in the meantime.
            try await running.append("two\nthree\n", at: 4)
            let whole = try await server.get(running.path)
            #expect(whole.text == "one\ntwo\nthree\n")
            #expect(whole.headers[.contentType] == "application/octet-stream")
            try await running.end()
            #expect(try await server.get(running.path).text == "one\ntwo\nthree\n")
        }
    }

    @Test("a log is for members; an unknown step is not found", arguments: TestEngine.allCases)
    func access(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let running = try await Running(server)
            let stranger = try await server.makeUser("sam")
            for path in [running.path, "\(running.path)/stream"] {
                #expect(try await server.get(path, as: stranger).status == 404)
            }
            let folder = running.path.split(separator: "/").dropLast(3).joined(separator: "/")
            for odd in ["job/1/step/none", "job/x/step/y", "job/99999999999999999999/step/y", "job/2/step/\(running.assignment.step.id)"] {
                #expect(try await server.get("/\(folder)/\(odd)").status == 404, "\(odd)")
                #expect(try await server.get("/\(folder)/\(odd)/stream").status == 404, "\(odd)")
            }
        }
    }

    @Test("a stream has an event for each line, with the offset after it, and an end", arguments: TestEngine.allCases)
    func stream(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let running = try await Running(server)
            let characters = Data("größe 🚀\nnext\r\nlast".utf8)
            // In single bytes: no chunk holds a whole character.
            for (offset, byte) in characters.enumerated() {
                try await running.append(Data([byte]), at: offset)
            }
            try await running.end()
            let stream = try await server.get("\(running.path)/stream")
            #expect(stream.headers[.contentType] == "text/event-stream")
            #expect(
                stream.text == """
                    id: 13
                    data: größe 🚀

                    id: 19
                    data: next

                    id: 23
                    data: last

                    event: end
                    data: 


                    """
            )
            #expect(try await server.get(running.path).body == characters)
        }
    }

    @Test("a reader who comes back goes on after the last line that it had", arguments: TestEngine.allCases)
    func resumption(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let running = try await Running(server)
            try await running.append("one\ntw", at: 0)
            try await running.append("o\nthree\n", at: 6)
            try await running.end()
            let name = try #require(HTTPField.Name("Last-Event-ID"))
            func ids(after last: String) async throws -> [String] {
                let stream = try await server.send(.get, "\(running.path)/stream", headers: [name: last])
                return stream.text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
            }
            #expect(try await ids(after: "0") == ["4", "8", "14"])
            #expect(try await ids(after: "4") == ["8", "14"])
            #expect(try await ids(after: "8") == ["14"])
            #expect(try await ids(after: "14") == [])
            #expect(try await ids(after: "1000") == [])
            #expect(try await ids(after: "-3") == ["4", "8", "14"])
            #expect(try await ids(after: "nonsense") == ["4", "8", "14"])
        }
    }

    @Test("a reader gets lines while the step runs, and the end when it ends", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func following(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let running = try await Running(server)
            let logs = LogService(database: server.database)
            let follower = try await logs.follow(
                step: running.assignment.step.id,
                job: running.assignment.lease.jobID,
                from: 0,
                as: .system
            )
            var reader = follower.makeAsyncIterator()
            var offset = 0
            for number in 0..<50 {
                let line = "line \(number)\n"
                try await running.append(line, at: offset)
                offset += line.utf8.count
                #expect(try await reader.next() == .output(Data(line.utf8)))
            }
            async let end = collect(reader)
            try await running.end()
            #expect(try await end == [.end])
        }
    }

    @Test("a quiet step gives signs of life", .timeLimit(.minutes(5)), arguments: TestEngine.allCases)
    func heartbeat(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let running = try await Running(server)
            let logs = LogService(database: server.database, idleInterval: .milliseconds(5))
            let follower = try await logs.follow(
                step: running.assignment.step.id,
                job: running.assignment.lease.jobID,
                from: 0,
                as: .system
            )
            var reader = follower.makeAsyncIterator()
            #expect(try await reader.next() == .idle)
        }
    }

    @Test("a log of thousands of small chunks is whole, and streams whole", arguments: TestEngine.allCases)
    func manyChunks(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let running = try await Running(server)
            let step = running.assignment.step.id
            let lines = (0..<3000).map { "line \($0)\n" }
            try await server.database.write { transaction in
                var offset = 0
                for line in lines {
                    try LogStore(transaction).append(Data(line.utf8), at: offset, step: step)
                    offset += line.utf8.count
                }
            }
            try await running.end()
            #expect(try await server.get(running.path).text == lines.joined())
            let stream = try await server.get("\(running.path)/stream")
            #expect(stream.text.split(separator: "\n").filter { $0.hasPrefix("data: line") }.count == 3000)
        }
    }

    private func collect(_ reader: LogFollower.Iterator) async throws -> [LogFollower.Element] {
        var reader = reader
        var elements: [LogFollower.Element] = []
        while let element = try await reader.next() { elements.append(element) }
        return elements
    }
}
