import Database
import Foundation
import Service

/// The rows of connections, for what is not a plain resource.
struct VCSStore {
    static let secrets = ["client_secret", "private_key", "access_token", "refresh_token"]

    private let connection: any SQLConnection
    private let sealed: SealedColumns

    init(_ connection: any SQLConnection, keyring: Keyring) {
        self.connection = connection
        sealed = SealedColumns(keyring: keyring, table: "vcs", columns: Self.secrets)
    }

    func find(id: String) throws -> VCSConnection? {
        try connection.row("SELECT * FROM vcs WHERE id = \(id)").map(opened)
    }

    /// By the last part of a callback's path: the UUID that the client chose, or else the id.
    func find(callbackName name: String) throws -> VCSConnection? {
        let row =
            try connection.row("SELECT * FROM vcs WHERE callback = \(name) ORDER BY created_date LIMIT 1")
            ?? connection.row("SELECT * FROM vcs WHERE id = \(name.lowercased())")
        return try row.map(opened)
    }

    /// Connections whose tokens were last renewed before a date, and can be.
    func idle(since date: Date) throws -> [String] {
        try connection.rows(
            """
            SELECT id FROM vcs WHERE refresh_token IS NOT NULL AND status <> \(VCSStatus.error) AND token_obtained_date < \(date)
            ORDER BY token_obtained_date LIMIT 1000
            """
        ).map { try $0.get("id") }
    }

    // MARK: Connecting

    /// Keeps the tokens that an authorization brought.
    ///
    /// - Parameter mayReplace: Whether a connection that works may be replaced.
    /// - Returns: false when the connection was changed, or connected by somebody else, in the meantime.
    func connect(_ old: VCSConnection, with tokens: OAuthTokens, mayReplace: Bool, now: Date) throws -> Bool {
        let changed = try connection.execute(
            """
            UPDATE vcs SET \(try columns(of: tokens, in: old, refreshToken: tokens.refreshToken, now: now)), manual_window_from = NULL,
            connected_as = NULL
            WHERE id = \(old.id) AND connection_epoch = \(old.epoch) AND (\(mayReplace) OR status <> \(VCSStatus.completed))
            """
        )
        return changed == 1
    }

    /// Notes whose account the tokens of an authorization are.
    func record(account: String, of old: VCSConnection) throws {
        try connection.execute("UPDATE vcs SET connected_as = \(account) WHERE id = \(old.id) AND connection_epoch = \(old.epoch + 1)")
    }

    /// Notes why an authorization failed. A connection that works goes on working.
    func recordFailedConnect(_ old: VCSConnection, reason: String, isFinal: Bool) throws {
        try connection.execute(
            "UPDATE vcs SET last_error = \(reason) WHERE id = \(old.id) AND connection_epoch = \(old.epoch)"
        )
        guard isFinal else { return }
        try connection.execute(
            """
            UPDATE vcs SET status = \(VCSStatus.error)
            WHERE id = \(old.id) AND connection_epoch = \(old.epoch) AND status <> \(VCSStatus.completed)
            """
        )
    }

    func openManualWindow(id: String, at date: Date) throws {
        try connection.execute("UPDATE vcs SET manual_window_from = \(date) WHERE id = \(id)")
    }

    // MARK: Renewing

    /// Takes the right to renew the tokens: one caller gets it, whatever the number of processes.
    func claimRenewal(of old: VCSConnection, claim: String, until: Date, now: Date) throws -> Bool {
        try connection.execute(
            """
            UPDATE vcs SET renewal_claim = \(claim), renewal_claim_until = \(until)
            WHERE id = \(old.id) AND connection_epoch = \(old.epoch) AND refresh_token IS NOT NULL
            AND (renewal_claim IS NULL OR renewal_claim_until <= \(now))
            """
        ) == 1
    }

    /// Keeps renewed tokens. A provider that does not rotate refresh tokens sends none: the old one stays.
    ///
    /// - Returns: false when the connection was changed in the meantime, or somebody else took over.
    func renew(_ old: VCSConnection, with tokens: OAuthTokens, claim: String, now: Date) throws -> Bool {
        let refreshToken = tokens.refreshToken ?? old.tokens.refreshToken
        return try connection.execute(
            """
            UPDATE vcs SET \(try columns(of: tokens, in: old, refreshToken: refreshToken, now: now))
            WHERE id = \(old.id) AND connection_epoch = \(old.epoch) AND renewal_claim = \(claim)
            """
        ) == 1
    }

    /// Notes why a renewal failed.
    ///
    /// - Parameter retryDate: When it may be tried again; nil: never, somebody has to connect again.
    func recordFailedRenewal(_ old: VCSConnection, claim: String, reason: String, retryDate: Date?) throws {
        let status = retryDate == nil ? VCSStatus.error : old.status
        try connection.execute(
            """
            UPDATE vcs SET status = \(status), last_error = \(reason), renewal_claim = NULL, renewal_claim_until = NULL,
            renewal_failures = renewal_failures + 1, renewal_retry_date = \(retryDate)
            WHERE id = \(old.id) AND connection_epoch = \(old.epoch) AND renewal_claim = \(claim)
            """
        )
    }

    private func columns(of tokens: OAuthTokens, in old: VCSConnection, refreshToken: String?, now: Date) throws -> SQL {
        let access = try sealed.seal(tokens.accessToken, row: old.id, column: "access_token")
        let refresh = try refreshToken.map { try sealed.seal($0, row: old.id, column: "refresh_token") }
        return """
            access_token = \(access), refresh_token = \(refresh),
            token_expiration = \(tokens.lifetime.map { now.addingTimeInterval($0) }), token_obtained_date = \(now),
            granted_scopes = \(tokens.scopes), status = \(VCSStatus.completed), last_error = NULL,
            connection_epoch = connection_epoch + 1, renewal_claim = NULL, renewal_claim_until = NULL, renewal_failures = 0,
            renewal_retry_date = NULL
            """
    }

    private func opened(_ row: SQLRow) throws -> VCSConnection {
        let id: String = try row.get("id")
        let type: VCSType = try row.get("vcs_type")
        return VCSConnection(
            id: id,
            organizationID: try row.get("organization_id"),
            name: try row.get("name"),
            type: type,
            usesOAuth: try row.get("connection_type", as: String.self) == "OAUTH",
            clientID: try row.find("client_id") ?? "",
            clientSecret: try sealed.open("client_secret", of: row, id: id) ?? "",
            callback: try text("callback", of: row),
            redirectURL: try text("redirect_url", of: row),
            endpoints: VCSEndpoints(type: type, endpoint: try row.find("endpoint"), apiURL: try row.find("api_url")),
            status: try row.get("status"),
            lastError: try row.find("last_error"),
            epoch: try row.get("connection_epoch"),
            tokens: VCSConnection.TokenState(
                accessToken: try sealed.open("access_token", of: row, id: id),
                refreshToken: try sealed.open("refresh_token", of: row, id: id),
                expiration: try row.find("token_expiration"),
                obtained: try row.find("token_obtained_date"),
                claimedUntil: try row.find("renewal_claim_until"),
                retryDate: try row.find("renewal_retry_date"),
                failures: try row.get("renewal_failures")
            ),
            manualWindowFrom: try row.find("manual_window_from")
        )
    }

    /// Empty is absent.
    private func text(_ column: String, of row: SQLRow) throws -> String? {
        guard let text: String = try row.find(column), text.isEmpty == false else { return nil }
        return text
    }
}
