/// How terminal text looks: what the SGR sequences before it have switched on. Colours are the sixteen of a terminal;
/// finer ones become the nearest of them, so that the pages' colour schemes keep them readable.
/// Source: ECMA-48 §8.3.117, and xterm's control sequences for the colours past 37.
struct ANSIStyle: Sendable, Equatable {
    static let plain = ANSIStyle()

    private(set) var isBold = false
    private(set) var isFaint = false
    private(set) var isItalic = false
    private(set) var isUnderlined = false
    private(set) var foreground: UInt8?
    private(set) var background: UInt8?

    init() {}

    /// The style that an SGR sequence with these parameters makes of plain text.
    init(parameters: some StringProtocol) {
        apply(parameters)
    }

    /// Applies the parameters of one SGR sequence: what stands between `ESC [` and `m`. What it does not know, it skips.
    mutating func apply(_ parameters: some StringProtocol) {
        var codes = parameters.split(separator: ";", omittingEmptySubsequences: false).map { code in
            code.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        }[...]
        if codes.isEmpty { self = .plain }
        while let code = codes.popFirst() {
            apply(code, followedBy: &codes)
        }
    }

    private mutating func apply(_ code: [Int], followedBy codes: inout ArraySlice<[Int]>) {
        let number = code.first ?? 0
        switch number {
        case 0: self = .plain
        case 1: isBold = true
        case 2: isFaint = true
        case 3: isItalic = true
        case 4: isUnderlined = code.dropFirst().first != 0
        case 22: (isBold, isFaint) = (false, false)
        case 23: isItalic = false
        case 24: isUnderlined = false
        case 30...37: foreground = UInt8(number - 30)
        case 38: foreground = Self.extendedColor(code, followedBy: &codes)
        case 39: foreground = nil
        case 40...47: background = UInt8(number - 40)
        case 48: background = Self.extendedColor(code, followedBy: &codes)
        case 49: background = nil
        case 90...97: foreground = UInt8(number - 90 + 8)
        case 100...107: background = UInt8(number - 100 + 8)
        default: break
        }
    }

    /// The colour of `38;5;N`, `38;2;R;G;B` and of their forms with colons.
    private static func extendedColor(_ code: [Int], followedBy codes: inout ArraySlice<[Int]>) -> UInt8? {
        var values = code.dropFirst()
        let hasColons = values.isEmpty == false
        func next(from codes: inout ArraySlice<[Int]>) -> Int? { hasColons ? values.popFirst() : codes.popFirst()?.first }
        switch next(from: &codes) {
        case 5:
            return next(from: &codes).flatMap(ANSIPalette.nearest(index:))
        case 2:
            // The form with colons may name a colour space first.
            if hasColons, values.count > 3 { values.removeFirst() }
            guard let red = next(from: &codes), let green = next(from: &codes), let blue = next(from: &codes) else { return nil }
            return ANSIPalette.nearest(red: red, green: green, blue: blue)
        default:
            return nil
        }
    }
}

extension ANSIStyle {
    /// The classes of the style sheet, separated by spaces; empty for plain text.
    var classes: String {
        var names: [String] = []
        if isBold { names.append("bold") }
        if isFaint { names.append("faint") }
        if isItalic { names.append("italic") }
        if isUnderlined { names.append("underline") }
        if let foreground { names.append("fg\(foreground)") }
        if let background { names.append("bg\(background)") }
        return names.joined(separator: " ")
    }

    /// The SGR parameters that lead from plain text here.
    var parameters: String {
        var codes: [Int] = []
        if isBold { codes.append(1) }
        if isFaint { codes.append(2) }
        if isItalic { codes.append(3) }
        if isUnderlined { codes.append(4) }
        if let foreground { codes.append(Int(foreground) + (foreground < 8 ? 30 : 82)) }
        if let background { codes.append(Int(background) + (background < 8 ? 40 : 92)) }
        return codes.map(String.init).joined(separator: ";")
    }
}
