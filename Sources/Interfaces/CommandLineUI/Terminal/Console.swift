import Foundation
import Glibc

/// The terminal, or whatever stands in its place.
struct Console: Sendable {
    /// Whether colours may go to standard output. <https://no-color.org>: any value of `NO_COLOR` but an empty one says no.
    let hasColours: Bool
    /// Whether somebody can answer.
    let isInteractive: Bool

    static func standard(environment: [String: String]) -> Console {
        Console(
            hasColours: isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb",
            isInteractive: isatty(STDIN_FILENO) == 1
        )
    }

    func line(_ text: String) {
        write(text + "\n")
    }

    /// Written at once, so that a reader behind a pipe sees a log live. Who closed it wants no more.
    func write(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    /// What is not part of the answer.
    func note(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    enum Colour: Int {
        case red = 31
        case green = 32
        case cyan = 36
        case grey = 90
    }

    func coloured(_ text: String, _ colour: Colour) -> String {
        hasColours ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
    }
}
