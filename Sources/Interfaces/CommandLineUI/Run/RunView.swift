/// How a run looks on a terminal.
struct RunView: Sendable {
    let console: Console

    func begin(_ step: Job.Step) {
        console.line(console.coloured("▶ \(PlainText.line(step.name))", .cyan))
    }

    func output(_ line: String) {
        console.line(PlainText.logLine(line, keepsColours: console.hasColours))
    }

    /// - Parameter duration: How long it was seen running; nil when it was not.
    func end(_ step: Job.Step, _ outcome: RunProgress.Outcome, after duration: Duration?) {
        let name = PlainText.line(step.name)
        let time = duration.map { "  " + Self.text($0) } ?? ""
        switch outcome {
        case .succeeded: console.line(console.coloured("✓ \(name)", .green) + time)
        case .failed: console.line(console.coloured("✗ \(name)", .red) + time)
        case .cancelled: console.line(console.coloured("✗ \(name)", .red) + time + "  cancelled")
        case .skipped: console.line(console.coloured("– \(name)  not run", .grey))
        }
    }

    func ask() {
        console.write("\nDo you want to apply this plan? Only 'yes' will be accepted: ")
    }

    /// `90 ms`, `2.1 s`, from a minute on `1 min 05 s`.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        guard seconds > 0 else { return "\(attoseconds / 1_000_000_000_000_000) ms" }
        guard seconds < 60 else { return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s" }
        return "\(seconds).\(attoseconds / 100_000_000_000_000_000) s"
    }
}
