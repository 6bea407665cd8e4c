import Testing

@testable import Executor

@Suite("Repair of UTF-8")
struct UTF8RepairTests {
    @Test("however the bytes are cut, the result is the same and valid", arguments: 0..<200)
    func cuts(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let samples: [[UInt8]] = [
            Array("aé€😀\n".utf8), [0xFF], [0x80], [0xE2, 0x82], [0xF0, 0x9F], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5],
        ]
        let bytes = (0..<20).flatMap { _ in samples.randomElement(using: &random) ?? [] }
        var repair = UTF8Repair()
        var result: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...3, using: &random))
            let added = repair.add(Array(piece))
            #expect(String(validating: added, as: UTF8.self) != nil)
            result += added
            rest = rest.dropFirst(piece.count)
        }
        result += repair.finish()
        #expect(String(decoding: result, as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
    }
}
