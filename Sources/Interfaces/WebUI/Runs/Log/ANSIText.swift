/// Turns the output of a terminal program into HTML: colours and weights become classes, every other escape sequence
/// and control character goes, and whatever HTML would take for markup is escaped.
///
/// It takes bytes as they come: a sequence or a character may be cut anywhere between two calls. Each line is whole in
/// itself, with its own spans, so that lines can be put together in any portions.
struct ANSIText: Sendable {
    /// Where in a sequence the next byte is. Source: ECMA-48 §5.
    private enum State {
        case text
        case escape
        /// After `ESC` and an intermediate byte, as in `ESC ( B`.
        case intermediate
        /// After `ESC [`.
        case control
        /// In the text of an OSC, DCS, SOS, PM or APC sequence.
        case string
        case stringEscape
    }

    /// Longer parameters are no SGR sequence that anybody writes.
    private static let parameterLimit = 64

    /// The style of what comes next.
    private(set) var style: ANSIStyle

    private var state = State.text
    private var parameters: [UInt8] = []
    private var line: [UInt8] = []
    /// The style of the span that is open in `line`.
    private var span = ANSIStyle.plain
    /// After a carriage return the next character begins to write over the line.
    private var isReturned = false

    init(style: ANSIStyle = .plain) {
        self.style = style
    }

    /// Takes the next byte.
    ///
    /// - Returns: The HTML of the line that it ends, with the newline.
    mutating func consume(_ byte: UInt8) -> String? {
        if byte == UInt8(ascii: "\n") {
            // A newline ends any sequence: one that is never closed must not swallow the rest of the log.
            state = .text
            line.append(byte, closing: &span)
            return takeLine()
        }
        switch state {
        case .text: text(byte)
        case .escape: escape(byte)
        case .intermediate: if (0x30...0x7E).contains(byte) { state = .text }
        case .control: control(byte)
        case .string: string(byte)
        case .stringEscape: state = byte == UInt8(ascii: "\\") ? .text : .string
        }
        return nil
    }

    /// The HTML of the last line, when no newline ends it.
    mutating func rest() -> String? {
        guard line.isEmpty == false else { return nil }
        line.close(&span)
        return takeLine()
    }

    private mutating func takeLine() -> String {
        defer {
            line.removeAll(keepingCapacity: true)
            isReturned = false
        }
        return String(decoding: line, as: UTF8.self)
    }

    private mutating func text(_ byte: UInt8) {
        switch byte {
        case 0x1B:
            state = .escape
        case UInt8(ascii: "\r"):
            isReturned = true
        case 0x00..<0x20 where byte != UInt8(ascii: "\t"), 0x7F:
            break
        default:
            if isReturned {
                line.removeAll(keepingCapacity: true)
                (span, isReturned) = (.plain, false)
            }
            if span != style {
                line.close(&span)
                line.open(style, as: &span)
            }
            line.append(escaping: byte)
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "["):
            parameters.removeAll(keepingCapacity: true)
            state = .control
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            state = .string
        case 0x1B:
            break
        case 0x20..<0x30:
            state = .intermediate
        case 0x30..<0x7F:
            state = .text
        default:
            state = .text
            text(byte)
        }
    }

    private mutating func control(_ byte: UInt8) {
        switch byte {
        case 0x20..<0x40:
            if parameters.count <= Self.parameterLimit { parameters.append(byte) }
        case 0x40..<0x7F:
            state = .text
            let isPlain = parameters.allSatisfy { (0x30..<0x3C).contains($0) }
            if byte == UInt8(ascii: "m"), isPlain, parameters.count <= Self.parameterLimit {
                style.apply(String(decoding: parameters, as: UTF8.self))
            }
        case 0x1B:
            state = .escape
        case 0x00..<0x20, 0x7F:
            break
        default:
            state = .text
            text(byte)
        }
    }

    private mutating func string(_ byte: UInt8) {
        switch byte {
        case 0x07: state = .text
        case 0x1B: state = .stringEscape
        default: break
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(escaping byte: UInt8) {
        switch byte {
        case UInt8(ascii: "<"): append(contentsOf: "&lt;".utf8)
        case UInt8(ascii: ">"): append(contentsOf: "&gt;".utf8)
        case UInt8(ascii: "&"): append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "\""): append(contentsOf: "&quot;".utf8)
        case UInt8(ascii: "'"): append(contentsOf: "&#39;".utf8)
        default: append(byte)
        }
    }

    fileprivate mutating func append(_ byte: UInt8, closing span: inout ANSIStyle) {
        close(&span)
        append(byte)
    }

    fileprivate mutating func open(_ style: ANSIStyle, as span: inout ANSIStyle) {
        guard style != .plain else { return }
        append(contentsOf: "<span class=\"\(style.classes)\">".utf8)
        span = style
    }

    fileprivate mutating func close(_ span: inout ANSIStyle) {
        guard span != .plain else { return }
        append(contentsOf: "</span>".utf8)
        span = .plain
    }
}
