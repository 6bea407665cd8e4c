/// A 512-byte header block (POSIX.1-2017, pax, "ustar Interchange Format").
struct TarHeader {
    let path: String
    let mode: Int
    let size: Int
    let type: UInt8
    let linkTarget: String

    /// - Throws: `ToolError.invalidArchive` when the checksum is wrong or a number is none.
    init(_ block: [UInt8]) throws {
        // The checksum counts its own eight bytes as spaces.
        let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
        guard try Self.number(block[148..<156]) == sum else {
            throw ToolError.invalidArchive("The archive is not a tar archive, or is damaged.")
        }
        let isUstar = block[257..<262].elementsEqual("ustar".utf8)
        let name = Self.text(block[0..<100])
        // GNU tar writes `ustar` and two spaces, and uses the place of the prefix for something else.
        let prefix = isUstar && block[262] == 0 ? Self.text(block[345..<500]) : ""
        path = prefix.isEmpty ? name : "\(prefix)/\(name)"
        mode = try Self.number(block[100..<108]) & 0o7777
        size = try Self.number(block[124..<136])
        type = block[156]
        linkTarget = Self.text(block[157..<257])
    }

    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    static func decimal(_ text: String) throws -> Int {
        guard let number = Int(text), number >= 0 else { throw ToolError.invalidArchive("The archive holds a broken number.") }
        return number
    }

    /// Octal digits, or with the first bit set a big-endian binary number (GNU tar, for sizes over 8 GiB).
    private static func number(_ bytes: ArraySlice<UInt8>) throws -> Int {
        if let first = bytes.first, first & 0x80 != 0 {
            var value = Int(first & 0x7f)
            for byte in bytes.dropFirst() {
                guard value < 1 << 48 else { throw ToolError.invalidArchive("The archive holds a broken number.") }
                value = value << 8 | Int(byte)
            }
            return value
        }
        let digits = text(bytes).filter { $0 != " " }
        guard !digits.isEmpty else { return 0 }
        guard let number = Int(digits, radix: 8), number >= 0 else { throw ToolError.invalidArchive("The archive holds a broken number.") }
        return number
    }
}
