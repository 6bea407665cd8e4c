import Tools
import Wire

/// The credentials of the connection that a job's repository is read by. They are asked for when they are needed, and
/// kept nowhere.
struct SourceCredentials: Sendable {
    let kit: ExecutorKit
    let assignment: JobAssignment

    /// Runs `body` with credentials, and once more with others when the repository refuses them: a token may end before
    /// its time.
    ///
    /// - Returns: What `body` gave, and the credentials that were good for it; nil for a source without a connection.
    /// - Throws: `StepFailure` when the connection does not work; what `body` throws.
    func use<Value>(
        for source: GitSource,
        _ body: (GitCredentials?) async throws -> Value
    ) async throws -> (Value, GitCredentials?) {
        let credentials = try await credentials(for: source, refused: nil)
        do {
            return (try await body(credentials), credentials)
        } catch ToolError.denied(let reason) {
            guard let credentials, let others = try await self.credentials(for: source, refused: credentials.password),
                others.password != credentials.password
            else { throw ToolError.denied(reason) }
            return (try await body(others), others)
        }
    }

    private func credentials(for source: GitSource, refused: String?) async throws -> GitCredentials? {
        guard let connection = assignment.connection else { return nil }
        let access = try await kit.persistently {
            try await kit.control.sourceAccess(to: source.url, refused: refused, lease: assignment.lease)
        }
        switch access {
        case .open: return nil
        case .password(let username, let password):
            return GitCredentials(username: username, password: password, holder: connection)
        case .unavailable(let reason): throw StepFailure(reason)
        }
    }
}
