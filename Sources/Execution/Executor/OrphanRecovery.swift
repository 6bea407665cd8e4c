import Foundation
import Glibc
import Logging
import Tools

/// Ends what an executor left running when it died: every process that carries the mark of a job below this work
/// directory, and then the directories.
///
/// A Terraform among them is interrupted, and gets the time to write its state. For that the server has to listen, and
/// must not have failed the job yet.
struct OrphanRecovery: Sendable {
    let workDirectory: String
    let grace: Duration
    let logger: Logger

    func recover() async {
        let orphans = Self.processes(markedWith: "\(ChildEnvironment.marker)=\(workDirectory)/")
        await withTaskGroup(of: Void.self) { group in
            for leader in orphans where getpgid(leader.pid) == leader.pid {
                logger.notice("Ending what an earlier executor left running", metadata: ["pid": "\(leader.pid)"])
                group.addTask { await ProcessGroup.terminate(leader, graceful: grace) }
            }
        }
        // What fled its group, or outlived the leader, saves no state.
        for orphan in orphans where orphan.isRunning { kill(orphan.pid, SIGKILL) }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: workDirectory)) ?? [] {
            JobDirectory(root: "\(workDirectory)/\(name)").remove()
        }
    }

    /// The mark is inherited by everything that a job starts, so it finds processes of which nothing was written down.
    private static func processes(markedWith prefix: String) -> [ProcessIdentity] {
        let mark = Data(prefix.utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.compactMap { pid in
            // Unreadable for processes of other users.
            guard pid != getpid(), let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ") else { return nil }
            let isMarked = environment.split(separator: 0).contains { $0.starts(with: mark) }
            return isMarked ? ProcessIdentity(of: pid) : nil
        }
    }
}
