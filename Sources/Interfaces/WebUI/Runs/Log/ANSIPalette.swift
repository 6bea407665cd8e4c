/// Maps colours onto the sixteen of a terminal: 0 to 7 are black, red, green, yellow, blue, magenta, cyan and white,
/// 8 to 15 their bright forms.
enum ANSIPalette {
    /// The levels of the 6×6×6 cube that xterm's colours 16 to 231 are.
    private static let cube = [0, 95, 135, 175, 215, 255]

    /// - Parameter index: One of xterm's 256 colours; nil comes back for anything else.
    static func nearest(index: Int) -> UInt8? {
        switch index {
        case 0...15:
            return UInt8(index)
        case 16...231:
            let value = index - 16
            return nearest(red: cube[value / 36], green: cube[value / 6 % 6], blue: cube[value % 6])
        case 232...255:
            let level = 8 + (index - 232) * 10
            return nearest(red: level, green: level, blue: level)
        default:
            return nil
        }
    }

    /// By hue first: the channels that are at least half as strong as the strongest are on.
    static func nearest(red: Int, green: Int, blue: Int) -> UInt8 {
        let strongest = max(red, green, blue)
        if strongest - min(red, green, blue) < 24 {
            switch strongest {
            case ..<64: return 0
            case ..<144: return 8
            case ..<208: return 7
            default: return 15
            }
        }
        let hue = [red, green, blue].enumerated().reduce(0) { $0 | ($1.element * 2 > strongest ? 1 << $1.offset : 0) }
        return UInt8(hue + (strongest > 208 ? 8 : 0))
    }
}
