import Foundation

/// Takes a tar stream apart as it comes: ustar and pax (POSIX.1-2017, pax, "ustar Interchange Format"), and the long
/// names of GNU tar (its manual, "Basic Tar Format").
struct TarReader {
    enum Event {
        case entry(TarEntry)
        /// Content of the file that came last.
        case content(Data)
    }

    private enum State {
        case header
        case content(remaining: Int, padding: Int)
        /// The content of a header that describes the next one: a pax record list or a GNU long name.
        case metadata(type: UInt8, remaining: Int, padding: Int)
        case padding(Int)
        case end
    }

    static let blockSize = 512
    /// Far more than any path list needs; a header that claims more is an attack.
    private static let maximumMetadata = 1 << 20

    private var state = State.header
    private var buffer = Data()
    private var metadata = Data()
    private var overrides: [String: String] = [:]
    private var defaults: [String: String] = [:]

    /// - Throws: `ToolError.invalidArchive`.
    mutating func feed(_ bytes: Data, _ receive: (Event) throws -> Void) throws {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            switch state {
            case .header:
                buffer.append(take(Self.blockSize - buffer.count, from: &bytes))
                guard buffer.count == Self.blockSize else { return }
                let block = Array(buffer)
                buffer.removeAll(keepingCapacity: true)
                try header(block, receive)
            case .content(let remaining, let padding):
                let chunk = take(remaining, from: &bytes)
                try receive(.content(Data(chunk)))
                state = remaining == chunk.count ? .padding(padding) : .content(remaining: remaining - chunk.count, padding: padding)
            case .metadata(let type, let remaining, let padding):
                let chunk = take(remaining, from: &bytes)
                metadata.append(chunk)
                if remaining == chunk.count {
                    try finishMetadata(type)
                    state = .padding(padding)
                } else {
                    state = .metadata(type: type, remaining: remaining - chunk.count, padding: padding)
                }
            case .padding(let count):
                let skipped = take(count, from: &bytes).count
                state = skipped == count ? .header : .padding(count - skipped)
            case .end: return
            }
            if case .padding(0) = state { state = .header }
        }
    }

    /// To be called at the end of the stream. An archive may end without the two empty blocks, but not inside of a
    /// member.
    func finish() throws {
        switch state {
        case .end: return
        case .header where buffer.isEmpty: return
        case .header, .content, .metadata, .padding: throw ToolError.invalidArchive("The archive is cut off.")
        }
    }

    private func take(_ count: Int, from bytes: inout Data.SubSequence) -> Data.SubSequence {
        let chunk = bytes.prefix(count)
        bytes = bytes.dropFirst(chunk.count)
        return chunk
    }

    private mutating func header(_ block: [UInt8], _ receive: (Event) throws -> Void) throws {
        if block.allSatisfy({ $0 == 0 }) {
            state = .end
            return
        }
        let header = try TarHeader(block)
        let size = try overrides["size"].map(TarHeader.decimal) ?? header.size
        guard size >= 0, size <= Int.max / 2 else { throw ToolError.invalidArchive("The archive holds a member of impossible size.") }
        let padding = (Self.blockSize - size % Self.blockSize) % Self.blockSize
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            guard header.size <= Self.maximumMetadata else {
                throw ToolError.invalidArchive("The archive holds a header of impossible size.")
            }
            metadata.removeAll(keepingCapacity: true)
            let padding = (Self.blockSize - header.size % Self.blockSize) % Self.blockSize
            state = .metadata(type: header.type, remaining: header.size, padding: padding)
            if header.size == 0 { state = .header }
        default:
            let values = defaults.merging(overrides) { _, new in new }
            overrides = [:]
            let target = values["linkpath"] ?? header.linkTarget
            let kind: TarEntry.Kind =
                switch header.type {
                case UInt8(ascii: "0"), 0, UInt8(ascii: "7"): header.path.hasSuffix("/") ? .directory : .file
                case UInt8(ascii: "1"): .hardLink(target: target)
                case UInt8(ascii: "2"): .symbolicLink(target: target)
                case UInt8(ascii: "5"): .directory
                default: .other(header.type)
                }
            // Only files have content; the size of the others is historical noise, except where bytes do follow.
            let hasContent = kind == .file || header.type > UInt8(ascii: "6")
            let count = hasContent ? size : 0
            try receive(.entry(TarEntry(path: values["path"] ?? header.path, kind: kind, mode: header.mode, size: count)))
            state = count == 0 ? .header : .content(remaining: count, padding: padding)
        }
    }

    private mutating func finishMetadata(_ type: UInt8) throws {
        switch type {
        case UInt8(ascii: "L"): overrides["path"] = TarHeader.text(Array(metadata)[...])
        case UInt8(ascii: "K"): overrides["linkpath"] = TarHeader.text(Array(metadata)[...])
        case UInt8(ascii: "g"): defaults.merge(try Self.records(metadata)) { _, new in new }
        default: overrides.merge(try Self.records(metadata)) { _, new in new }
        }
    }

    /// pax records: `length SPACE key = value NEWLINE`, where the length counts itself.
    private static func records(_ data: Data) throws -> [String: String] {
        var records: [String: String] = [:]
        var rest = data[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 1, length <= rest.count
            else { throw ToolError.invalidArchive("The archive holds a broken pax header.") }
            let record = rest[(space + 1)..<(rest.startIndex + length)]
            guard record.last == UInt8(ascii: "\n"), let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw ToolError.invalidArchive("The archive holds a broken pax header.")
            }
            records[String(decoding: record[..<equals], as: UTF8.self)] = String(
                decoding: record[(equals + 1)...].dropLast(),
                as: UTF8.self
            )
            rest = rest[(rest.startIndex + length)...]
        }
        return records
    }
}
