import Foundation

/// Wakes a thread that waits for a socket. Once rung it stays so.
final class Alarm: Sendable {
    enum Wakening {
        case rung
        /// The socket has something to read, or is gone.
        case socket
        case timeout
    }

    private let readEnd: Int32
    private let writeEnd: Int32

    /// - Throws: `DatabaseError.unavailable` when the process has no file descriptor left.
    init() throws {
        var ends: [Int32] = [-1, -1]
        // A pair of sockets is what Glibc's module offers that no child process inherits; `pipe2` is not there.
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        guard socketpair(AF_UNIX, Int32(type), 0, &ends) == 0 else {
            throw DatabaseError.unavailable("no file descriptor is left: \(String(cString: strerror(errno)))")
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func ring() {
        // Nobody reads it: the other end stays readable, and is full at worst.
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    /// Blocks. A negative socket is none, and a negative time is for ever.
    func wait(orSocket socket: Int32, milliseconds: Int32) -> Wakening {
        var descriptors = [
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
        ]
        var ready: Int32
        repeat {
            ready = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        } while ready < 0 && errno == EINTR
        if descriptors[0].revents != 0 { return .rung }
        return ready == 0 ? .timeout : .socket
    }
}
