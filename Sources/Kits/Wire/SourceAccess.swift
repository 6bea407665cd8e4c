/// How the repository of a job is read.
package enum SourceAccess: Codable, Sendable, Hashable {
    /// It asks for nothing.
    case open
    case password(username: String, password: String)
    /// There is a connection, and it does not work; the reason is for the person who looks at the run.
    case unavailable(reason: String)
}

extension SourceAccess: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        switch self {
        case .open: "open"
        case .password: "password(redacted)"
        case .unavailable(let reason): "unavailable: \(reason)"
        }
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
