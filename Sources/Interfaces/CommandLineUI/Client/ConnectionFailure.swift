import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix

/// Puts the errors of a connection into words that help.
enum ConnectionFailure {
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if error.connectionErrors.isEmpty { return "the host \(error.host) is unknown" }
            return error.connectionErrors.map { reason($0.error) }.first ?? "no connection"
        case let error as IOError:
            return words(errno: error.errnoCode) ?? error.description
        case let error as HTTPClientError:
            return error == .connectTimeout ? "no answer in time" : error.shortDescription
        case ChannelError.connectTimeout:
            return "no answer in time"
        default:
            return String(describing: error)
        }
    }

    private static func words(errno: CInt) -> String? {
        switch errno {
        case ECONNREFUSED: "nobody listens there (connection refused)"
        case ECONNRESET, EPIPE: "the server closed the connection"
        case EHOSTUNREACH, ENETUNREACH: "there is no way to that host"
        case ETIMEDOUT: "no answer in time"
        default: nil
        }
    }
}
