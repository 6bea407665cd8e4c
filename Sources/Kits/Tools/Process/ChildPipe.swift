import Glibc
import SystemPackage

/// A pipe between a child and the server. No other child inherits its ends: the flag is set after the fact, but
/// swift-subprocess also marks every descriptor except for the three standard ones before it executes a child.
struct ChildPipe {
    let readEnd: FileDescriptor
    let writeEnd: FileDescriptor

    init() throws {
        do {
            (readEnd, writeEnd) = try FileDescriptor.pipe()
        } catch let error as Errno {
            throw ToolError.couldNotStart("no pipe for the program: \(error)")
        }
        _ = fcntl(readEnd.rawValue, F_SETFD, FD_CLOEXEC)
        _ = fcntl(writeEnd.rawValue, F_SETFD, FD_CLOEXEC)
    }

    /// A second writing end, so that the child's two output streams are one pipe.
    func duplicateWriteEnd() throws -> FileDescriptor {
        let copy = fcntl(writeEnd.rawValue, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw ToolError.couldNotStart("no descriptor for the program: \(Errno(rawValue: errno))") }
        return FileDescriptor(rawValue: copy)
    }
}
