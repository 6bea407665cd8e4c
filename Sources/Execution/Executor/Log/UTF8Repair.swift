/// Makes valid UTF-8 of a stream of bytes, however it is cut: what is no character becomes U+FFFD.
struct UTF8Repair {
    /// The beginning of a character whose end has not arrived.
    private var held: [UInt8] = []

    /// - Returns: Whole characters only.
    mutating func add(_ bytes: [UInt8]) -> [UInt8] {
        let all = held.isEmpty ? bytes : held + bytes
        let cut = all.count - Self.incompleteSuffix(of: all)
        held = Array(all[cut...])
        return Self.repaired(all[..<cut])
    }

    /// - Returns: A replacement character when the stream ended inside a character.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return Self.repaired(held[...])
    }

    private static func repaired(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    /// How many bytes at the end begin a character that needs more.
    private static func incompleteSuffix(of bytes: [UInt8]) -> Int {
        for (distance, byte) in bytes.suffix(3).reversed().enumerated() {
            let length =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            if length > distance + 1 { return distance + 1 }
            // Only continuation bytes can belong to a character that began before.
            if byte & 0xC0 != 0x80 { return 0 }
        }
        return 0
    }
}
