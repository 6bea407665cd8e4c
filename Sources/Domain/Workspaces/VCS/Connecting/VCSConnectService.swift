import Database
import Foundation
import Identity
import JSONAPI
import Service

/// Begins the authorization of a connection, safely: with a state, PKCE and a cookie.
struct VCSConnectService: Sendable {
    /// Where the browser goes, and the cookie that it needs when it comes back.
    struct Departure: Sendable {
        let authorizeURL: String
        let browser: String
    }

    let database: any SQLDatabase
    let keyring: Keyring
    let attempts: ConnectAttempts
    let address: ServerAddress
    let time: TimeSource

    /// - Throws: `APIError` 403, 404, 409 for a connection that nobody can authorize.
    func depart(to id: String, as principal: Principal) async throws -> Departure {
        let connection = try await managed(id, as: principal)
        guard let provider = connection.provider else {
            throw APIError.conflict("A connection of this type, or without a client id, can't be authorized.")
        }
        let ticket = try await attempts.begin(connection, by: principal.name)
        let request = AuthorizationRequest(
            clientID: connection.clientID,
            redirectURI: connection.oauthClient(address).redirectURI,
            state: ticket.state,
            challenge: ticket.challenge
        )
        return Departure(authorizeURL: provider.authorizeURL(request), browser: ticket.browser)
    }

    /// Lets the connection be authorized by an address that somebody types, for a time.
    ///
    /// - Throws: `APIError` 403, 404.
    func openManualWindow(of id: String, as principal: Principal) async throws {
        _ = try await managed(id, as: principal)
        let now = time.now()
        try await database.write { [keyring] in try VCSStore($0, keyring: keyring).openManualWindow(id: id, at: now) }
    }

    /// - Throws: `APIError` 404 when there is none or it is hidden, 403 unless the principal manages it.
    private func managed(_ id: String, as principal: Principal) async throws -> VCSConnection {
        try await database.read { [keyring] connection in
            let visible = Permissions.isMember(principal, of: "vcs.organization_id")
            guard try connection.row("SELECT id FROM vcs WHERE id = \(id) AND \(visible)") != nil,
                let found = try VCSStore(connection, keyring: keyring).find(id: id)
            else { throw APIError.notFound("There is no connection \(id.prefix(100)).") }
            try Permissions(connection).require(.manageVcs, organization: found.organizationID, for: principal)
            return found
        }
    }
}
