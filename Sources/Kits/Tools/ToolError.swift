/// Why an external program, or what it worked on, could not serve. Every message is read by people who look at the
/// log of a run: it names the program or the thing, and never holds a secret.
package enum ToolError: Error, Sendable, Equatable {
    /// What was asked for is not allowed. No process was started.
    case refused(String)
    /// A program that is needed is not on the search path.
    case missingProgram(String)
    /// The program is there but the system could not start it.
    case couldNotStart(String)
    /// The program ran and said no.
    case failed(program: String, code: Int, detail: String)
    /// The program wrote more than the caller can hold.
    case outputTooLarge(program: String, limit: Int)
    /// A repository, reference, folder or version does not exist.
    case notFound(String)
    /// An archive is broken, or would write where it must not.
    case invalidArchive(String)
    /// Another machine did not take the credentials.
    case denied(String)
    /// Another machine could not be reached or answered nonsense.
    case unavailable(String)
    /// What was downloaded is not what its publisher signed for.
    case checksumMismatch(String)
}

extension ToolError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let detail), .couldNotStart(let detail), .notFound(let detail), .invalidArchive(let detail),
            .denied(let detail), .unavailable(let detail), .checksumMismatch(let detail):
            detail
        case .missingProgram(let program):
            "\(program) is not installed: no such program on the search path"
        case .failed(let program, let code, let detail):
            detail.isEmpty ? "\(program) failed with exit code \(code)" : "\(program) failed with exit code \(code): \(detail)"
        case .outputTooLarge(let program, let limit):
            "\(program) wrote more than \(limit) bytes"
        }
    }
}
