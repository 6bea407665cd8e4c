import Foundation
import JSONAPI

extension StateDocument {
    /// The same bytes with another serial. Only its digits are exchanged: parsing and writing anew could change numbers
    /// that no client of ours can represent.
    ///
    /// - Parameter data: The bytes that the document was read from.
    /// - Throws: `APIError` 400 when they hold no serial.
    func bytes(withSerial serial: Int, from data: Data) throws -> Data {
        guard let digits = Self.serialDigits(in: data) else {
            throw APIError.badRequest("The body is no Terraform state of format version 4.")
        }
        var result = data
        result.replaceSubrange(digits, with: Data(String(serial).utf8))
        return result
    }

    /// Where the number of the top object's `serial` is.
    private static func serialDigits(in data: Data) -> Range<Data.Index>? {
        let key = Data(#""serial""#.utf8)
        var depth = 0
        var index = data.startIndex
        while index < data.endIndex {
            switch data[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let end = endOfString(from: index, in: data)
                if depth == 1, data[index..<end] == key, let digits = number(after: end, in: data) { return digits }
                index = end
                continue
            default: break
            }
            index += 1
        }
        return nil
    }

    /// The index after the closing quote.
    private static func endOfString(from start: Data.Index, in data: Data) -> Data.Index {
        var index = start + 1
        while index < data.endIndex, data[index] != UInt8(ascii: "\"") {
            index += data[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, data.endIndex)
    }

    /// The digits after a colon; nil when something else follows, as after a value that reads like the key.
    private static func number(after start: Data.Index, in data: Data) -> Range<Data.Index>? {
        let blank: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        let rest = data[start...].drop { blank.contains($0) }
        guard rest.first == UInt8(ascii: ":") else { return nil }
        let value = rest.dropFirst().drop { blank.contains($0) }
        let digits = value.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.isEmpty ? nil : digits.startIndex..<digits.endIndex
    }
}
