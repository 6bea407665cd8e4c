import Database
import Foundation
import Service

/// The credentials with which a run reads the repository of its workspace.
package struct SourceAccessService: Sendable {
    /// A user name and a password for git.
    package struct Credential: Sendable {
        package let username: String
        package let password: String
    }

    private let database: any SQLDatabase
    private let keyring: Keyring
    private let tokens: VCSTokenService
    private let exchange: TokenExchange

    init(database: any SQLDatabase, keyring: Keyring, tokens: VCSTokenService, exchange: TokenExchange) {
        self.database = database
        self.keyring = keyring
        self.tokens = tokens
        self.exchange = exchange
    }

    /// - Parameters:
    ///   - repository: Where the credential will be sent. It must be where the connection leads: whoever may edit a
    ///     workspace could have the organization's token sent anywhere else.
    ///   - organization: Whose connection it must be.
    ///   - refused: A password that this repository has just refused.
    /// - Returns: nil when repositories of this kind of connection need none.
    /// - Throws: `VCSUnavailable` with the reason.
    package func credential(
        for repository: String,
        connection id: String,
        organization: String,
        refused: String? = nil
    ) async throws -> Credential? {
        guard let connection = try await connection(id), connection.organizationID == organization else {
            throw VCSUnavailable("The connection of the workspace does not exist any more.")
        }
        if connection.type == .none { return nil }
        guard let provider = connection.gitProvider else {
            throw VCSUnavailable("Connections of the type \(connection.type.rawValue) give no access to repositories.")
        }
        guard let origin = WebOrigin(repository), provider.hosts(origin) else {
            throw VCSUnavailable("The repository is not at \(provider.name), where the connection \(connection.name) leads.")
        }
        guard exchange.isAllowed(repository) else {
            throw VCSUnavailable("The repository's address must begin with https:// to be sent a token.")
        }
        let token = try await tokens.accessToken(of: id, refused: refused)
        return Credential(username: provider.gitUsername, password: token)
    }

    private func connection(_ id: String) async throws -> VCSConnection? {
        do {
            return try await database.read { [keyring] in try VCSStore($0, keyring: keyring).find(id: id) }
        } catch is KeyringError {
            throw VCSUnavailable("The secrets of the connection can't be opened with this server's key. Save them again, and connect it.")
        }
    }
}
