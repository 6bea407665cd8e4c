/// Why a command could not do what it was asked, as the person at the terminal reads it.
enum ClientError: Error, Sendable, Equatable {
    /// The server said no, and why.
    case refused(status: Int, [APIErrorObject])
    /// No answer: nobody listens there, or the name is unknown.
    case unreachable(server: String, reason: String)
    /// The connection broke in the middle of an answer.
    case interrupted(server: String, reason: String)
    /// Whatever answered is no Terrakube, or one that we don't understand.
    case unexpectedAnswer(server: String, status: Int)
    /// What the user gave can't be used.
    case invalid(String)

    /// Whether the same may work in a moment: a server that restarts, a proxy that lost it.
    var isTransient: Bool {
        switch self {
        case .unreachable, .interrupted: true
        case .refused(let status, _), .unexpectedAnswer(_, let status): [502, 503, 504].contains(status)
        case .invalid: false
        }
    }
}

extension ClientError: CustomStringConvertible {
    var description: String {
        switch self {
        case .refused(401, _):
            "The server does not accept the access token. It may have ended, or belong to another server."
        case .refused(_, let errors):
            errors.map(\.description).joined(separator: "\n")
        case .unreachable(let server, let reason):
            """
            Can't reach \(server): \(reason).
            Start a server there with `terrakube serve`, or name another one with --server or TERRAKUBE_SERVER.
            """
        case .interrupted(let server, let reason):
            "The connection to \(server) broke: \(reason)."
        case .unexpectedAnswer(let server, let status):
            "\(server) gave an answer (status \(status)) that no Terrakube server gives. Is the address right?"
        case .invalid(let problem):
            problem
        }
    }
}

/// One error of an API document. Source: <https://jsonapi.org/format/#error-objects>.
struct APIErrorObject: Decodable, Sendable, Equatable, CustomStringConvertible {
    let title: String?
    let detail: String?

    var description: String {
        [title, detail].compactMap { $0 }.map(PlainText.line).joined(separator: ": ")
    }
}
