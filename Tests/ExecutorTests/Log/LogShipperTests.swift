import Foundation
import Testing
import Wire

@testable import Executor

@Suite("The way of a log to the server", .timeLimit(.minutes(1)))
struct LogShipperTests {
    private let chunks = Shared<[LogChunk]>([])

    @Test("chunks follow each other without a gap, and no character is cut", arguments: [1, 1000, 65_535, 65_537, 1_000_000])
    func chunking(size: Int) async throws {
        let text = String(repeating: "é€😀x", count: size / 10 + 1)
        let log = LogShipper(stepID: "s", mask: SecretMask(variables: []))
        log.open()
        try await shipping(log) {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                await log.write(Array(rest.prefix(7777)))
                rest = rest.dropFirst(7777)
            }
        }
        var whole = Data()
        for chunk in chunks.value {
            #expect(chunk.offset == whole.count)
            #expect(chunk.bytes.count <= 65_536)
            #expect(String(validating: chunk.bytes, as: UTF8.self) != nil)
            whole += chunk.bytes
        }
        #expect(whole == Data(text.utf8))
    }

    @Test("what arrives while a chunk is under way goes together in the next one")
    func coalescing() async throws {
        let log = LogShipper(stepID: "s", mask: SecretMask(variables: []))
        for _ in 0..<500 { await log.write("line\n") }
        log.open()
        try await shipping(log) {}
        #expect(chunks.value.map(\.bytes.count) == [2500])
    }

    @Test("nothing is sent before the step has begun")
    func closed() async throws {
        let log = LogShipper(stepID: "s", mask: SecretMask(variables: []))
        try await shipping(log) { await log.write("early") }
        #expect(chunks.value == [])
    }

    @Test("a server that is too slow makes the program wait, and one that fails lets it go on")
    func backPressure() async throws {
        struct Broken: Error {}
        let log = LogShipper(stepID: "s", mask: SecretMask(variables: []))
        log.open()
        let gate = AsyncStream.makeStream(of: Void.self)
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await log.ship { _ in
                        for await _ in gate.stream { break }
                        throw Broken()
                    }
                    Issue.record("the error was lost")
                } catch {
                    #expect(error is Broken)
                }
            }
            group.addTask {
                for _ in 0..<20 { await log.write(piece) }
                log.finish()
            }
            group.addTask { gate.continuation.yield() }
        }
    }

    private func shipping(_ log: LogShipper, _ body: () async -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await log.ship { chunk in
                    await Task.yield()
                    self.chunks.change { $0.append(chunk) }
                }
            }
            await body()
            log.finish()
            try await group.waitForAll()
        }
    }
}
