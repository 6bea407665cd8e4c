package import Foundation

/// Writes JSON text front to back, without a tree in between.
///
/// The caller keeps the order: a member's name comes before its value. Commas are the writer's.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// A member of the object that is open.
    mutating func member(_ name: String, _ write: (inout JSONWriter) -> Void) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
        write(&self)
    }

    mutating func object(_ write: (inout JSONWriter) -> Void) {
        nest(UInt8(ascii: "{"), UInt8(ascii: "}"), write)
    }

    mutating func array<Element>(_ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void) {
        nest(UInt8(ascii: "["), UInt8(ascii: "]")) { writer in
            for element in elements { write(&writer, element) }
        }
    }

    /// Members of objects are sorted by name, so that equal values give equal bytes.
    mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .boolean(let boolean): raw(boolean ? "true" : "false")
        case .integer(let integer): raw(String(integer))
        case .number(let number): raw(number.isFinite ? number.description : "null")
        case .string(let string): self.string(string)
        case .array(let elements): array(elements) { $0.value($1) }
        case .object(let members):
            object { writer in
                for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                    writer.member(name) { $0.value(value) }
                }
            }
        }
    }

    mutating func string(_ string: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { text in
            var start = 0
            for (index, byte) in text.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes += text[start..<index]
                bytes += Self.escape(byte)
                start = index + 1
            }
            bytes += text[start...]
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8) -> String.UTF8View {
        switch byte {
        case UInt8(ascii: "\""): #"\""#.utf8
        case UInt8(ascii: "\\"): #"\\"#.utf8
        case UInt8(ascii: "\n"): #"\n"#.utf8
        case UInt8(ascii: "\r"): #"\r"#.utf8
        case UInt8(ascii: "\t"): #"\t"#.utf8
        default: "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8
        }
    }

    private mutating func raw(_ text: String) {
        separate()
        bytes += text.utf8
    }

    private mutating func nest(_ open: UInt8, _ close: UInt8, _ write: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(open)
        needsComma = false
        write(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}

extension JSONValue {
    /// The JSON text of the value, members sorted by name.
    package func serialised() -> Data {
        var writer = JSONWriter()
        writer.value(self)
        return Data(writer.bytes)
    }
}
