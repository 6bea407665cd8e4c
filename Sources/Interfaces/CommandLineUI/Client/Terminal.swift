import Foundation

/// The terminal: output at once, colours only where somebody sees them.
struct Terminal: Sendable {
    let isInteractive: Bool
    private let hasColours: Bool

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        isInteractive = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        // https://no-color.org
        hasColours = isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR"] == nil
    }

    enum Style: String {
        case bold = "1"
        case green = "32"
        case red = "31"
        case faint = "2"
    }

    func styled(_ text: String, _ style: Style) -> String {
        hasColours ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
    }

    func print(_ text: String) {
        write(text + "\n")
    }

    /// A line of a log, without its colours where nobody sees them.
    func log(_ line: String) {
        print(hasColours ? line : line.replacing(/\u{1b}\[[0-9;]*m/, with: ""))
    }

    /// Asks, and reads one line; nil at the end of input.
    func ask(_ question: String) -> String? {
        write(question + " ")
        return readLine()
    }

    private func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
