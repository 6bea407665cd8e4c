import Foundation
package import Glibc

/// Ends what an earlier server process left running.
package enum ProcessGroup {
    /// How often an orphan is looked at: the kernel reports the exit of a process only to its parent.
    private static let interval: Duration = .milliseconds(20)

    /// Interrupts the session that `leader` leads, and kills what is left of it after `graceful`. Does nothing when
    /// the process with that number is another one by now. Returns when the group is gone.
    ///
    /// A group whose leader has already ended is left alone: nothing proves any more whose it is.
    package static func terminate(_ leader: ProcessIdentity, graceful: Duration = .seconds(30)) async {
        guard leader.isRunning, ProcessStatus(of: leader.pid)?.group == leader.pid else { return }
        let members = members(of: leader.pid)
        kill(-leader.pid, SIGINT)
        let deadline = ContinuousClock.now + graceful
        while leader.isRunning, ContinuousClock.now < deadline, !Task.isCancelled {
            try? await Task.sleep(for: interval)
        }
        if leader.isRunning { kill(-leader.pid, SIGKILL) }
        // Without its leader the group is known only by the members that were seen before.
        for member in members where member.isRunning { kill(member.pid, SIGKILL) }
        while members.contains(where: \.isRunning), !Task.isCancelled {
            try? await Task.sleep(for: interval)
        }
    }

    /// The running processes of a group, its leader among them.
    package static func members(of group: pid_t) -> [ProcessIdentity] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.compactMap { pid in
            guard ProcessStatus(of: pid)?.group == group, let identity = ProcessIdentity(of: pid), identity.isRunning else { return nil }
            return identity
        }
    }
}
