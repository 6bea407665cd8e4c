import Foundation

/// Header blocks of a tar archive: ustar, with a pax header where that is too narrow (POSIX.1-2017, pax).
enum TarWriter {
    /// Two empty blocks end an archive.
    static let trailer = Data(count: 2 * TarReader.blockSize)

    static func padding(for size: Int) -> Data {
        Data(count: (TarReader.blockSize - size % TarReader.blockSize) % TarReader.blockSize)
    }

    /// - Parameter modified: Seconds since 1970.
    static func header(_ entry: TarEntry, modified: Int) -> Data {
        let (type, target): (Character, String) =
            switch entry.kind {
            case .file, .other: ("0", "")
            case .directory: ("5", "")
            case .symbolicLink(let target): ("2", target)
            case .hardLink(let target): ("1", target)
            }
        var records: [(String, String)] = []
        if entry.path.utf8.count > 100 || !entry.path.utf8.allSatisfy({ $0 < 128 }) { records.append(("path", entry.path)) }
        if target.utf8.count > 100 || !target.utf8.allSatisfy({ $0 < 128 }) { records.append(("linkpath", target)) }
        if entry.size >= 1 << 33 { records.append(("size", String(entry.size))) }
        var data = Data()
        if !records.isEmpty {
            let content = Data(records.map(record).joined().utf8)
            data += block(path: "PaxHeaders/entry", mode: 0o644, size: content.count, modified: modified, type: "x", target: "")
            data += content + padding(for: content.count)
        }
        let size = entry.size >= 1 << 33 ? 0 : entry.size
        data += block(path: entry.path, mode: entry.mode, size: size, modified: modified, type: type, target: target)
        return data
    }

    /// The length of a record counts the digits of the length.
    private static func record(_ key: String, _ value: String) -> String {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while String(length).utf8.count + rest.utf8.count != length { length = String(length).utf8.count + rest.utf8.count }
        return "\(length)\(rest)"
    }

    private static func block(path: String, mode: Int, size: Int, modified: Int, type: Character, target: String) -> Data {
        var block = [UInt8](repeating: 0, count: TarReader.blockSize)
        func put(_ text: String, at offset: Int, width: Int) {
            for (index, byte) in text.utf8.prefix(width).enumerated() { block[offset + index] = byte }
        }
        func put(_ number: Int, at offset: Int, width: Int) {
            let digits = String(max(0, number), radix: 8)
            put(String(repeating: "0", count: max(0, width - 1 - digits.utf8.count)) + digits, at: offset, width: width - 1)
        }
        put(path, at: 0, width: 100)
        put(mode & 0o7777, at: 100, width: 8)
        put(0, at: 108, width: 8)
        put(0, at: 116, width: 8)
        put(size, at: 124, width: 12)
        put(modified, at: 136, width: 12)
        put("        ", at: 148, width: 8)
        put(String(type), at: 156, width: 1)
        put(target, at: 157, width: 100)
        put("ustar", at: 257, width: 6)
        put("00", at: 263, width: 2)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(sum, at: 148, width: 7)
        return Data(block)
    }
}
