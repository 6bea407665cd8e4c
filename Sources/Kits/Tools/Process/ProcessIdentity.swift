import Foundation
package import Glibc

/// A process that can be recognised later, also by another server process: a number alone is given to a new process
/// sooner or later.
package struct ProcessIdentity: Codable, Sendable, Hashable {
    package let pid: pid_t
    /// The boot of the machine and when in it the process started, in clock ticks (proc(5), `/proc/pid/stat` field 22).
    package let birth: String

    package init(pid: pid_t, birth: String) {
        self.pid = pid
        self.birth = birth
    }

    /// The process that has this number now, if there is one that still runs or waits to be reaped.
    package init?(of pid: pid_t) {
        guard let status = ProcessStatus(of: pid), let boot = Self.boot else { return nil }
        self.init(pid: pid, birth: "\(boot):\(status.startTicks)")
    }

    /// Whether the process still runs. One that has exited and waits to be reaped does not.
    package var isRunning: Bool {
        guard let status = ProcessStatus(of: pid), status.state != "Z", status.state != "X" else { return false }
        return ProcessIdentity(of: pid) == self
    }

    private static var boot: String? {
        guard let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8) else { return nil }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// What `/proc/pid/stat` says (proc(5)).
struct ProcessStatus {
    let state: Character
    let group: pid_t
    let session: pid_t
    let startTicks: UInt64

    init?(of pid: pid_t) {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
        self.init(parsing: text)
    }

    /// The second field is the program's name in parentheses and may itself contain spaces and parentheses, so
    /// everything is counted from the last one.
    init?(parsing text: String) {
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 19, let state = fields[0].first, let group = pid_t(fields[2]), let session = pid_t(fields[3]),
            let startTicks = UInt64(fields[19])
        else { return nil }
        self.state = state
        self.group = group
        self.session = session
        self.startTicks = startTicks
    }
}
