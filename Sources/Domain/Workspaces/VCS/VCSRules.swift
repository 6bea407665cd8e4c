import Database
import Foundation
import Identity
import JSONAPI
import Service

/// Who writes connections, what they may say, and what a change means for the tokens.
struct VCSRules: Sendable {
    private static let manager = Permissions.rule(.manageVcs)

    private let secrets: SealedColumns

    init(keyring: Keyring) {
        secrets = SealedColumns(keyring: keyring, table: "vcs", columns: VCSStore.secrets)
    }

    /// - Throws: `APIError` 403, 400 for addresses that are none, 409 for a callback that leads elsewhere already.
    func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Self.manager(&draft, context)
        dropEmptySecrets(&draft)
        for (attribute, column) in [("endpoint", "endpoint"), ("apiUrl", "api_url"), ("redirectUrl", "redirect_url")] {
            try requireAddress(attribute, column, of: draft)
        }
        try requireOwnCallback(of: draft, in: context.transaction)
        try followChanges(&draft, in: context)
        try secrets.seal(&draft)
    }

    /// - Throws: `APIError` 403, 409 while workspaces or modules use the connection.
    func delete(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Self.manager(&draft, context)
        let users = try context.transaction.rows(
            """
            SELECT 'workspace' AS kind, name FROM workspace WHERE vcs_id = \(draft.id) AND NOT deleted
            UNION ALL SELECT 'module' AS kind, name FROM module WHERE vcs_id = \(draft.id) ORDER BY 1 DESC, 2 LIMIT 6
            """
        ).map { try "\($0.get("kind", as: String.self)) \($0.get("name", as: String.self))" }
        guard users.isEmpty else {
            let names = users.prefix(5).joined(separator: ", ") + (users.count > 5 ? " and others" : "")
            throw APIError.conflict("The connection is in use: \(names). Give them another one first.")
        }
        try context.transaction.execute("UPDATE workspace SET vcs_id = NULL WHERE vcs_id = \(draft.id)")
    }

    // MARK: What may be said

    /// Terraform's provider sends an empty text for each secret that its configuration leaves out.
    private func dropEmptySecrets(_ draft: inout ResourceDraft) {
        for column in VCSStore.secrets where draft.columns[column] == .text("") {
            draft.columns[column] = draft.previous == nil ? .null : nil
        }
    }

    private func requireAddress(_ attribute: String, _ column: String, of draft: ResourceDraft) throws {
        guard draft.changes(column), let text: String = try draft.value(column), text.isEmpty == false else { return }
        let url = URLComponents(string: text)
        let isPlain = url?.user == nil && url?.password == nil && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        guard WebOrigin(text) != nil, isPlain else {
            throw APIError.invalid(attribute: attribute, "\(attribute) must be an http or https address without a user name.")
        }
        guard attribute == "redirectUrl" || (url?.query == nil && url?.fragment == nil) else {
            throw APIError.invalid(attribute: attribute, "\(attribute) must be an address without a query or a fragment.")
        }
    }

    /// A callback's name leads to one connection: nobody may sit on that of another.
    private func requireOwnCallback(of draft: ResourceDraft, in connection: any SQLConnection) throws {
        guard draft.changes("callback"), let callback: String = try draft.value("callback"), callback.isEmpty == false else { return }
        guard UUID(uuidString: callback) != nil else {
            throw APIError.invalid(attribute: "callback", "callback must be a UUID.")
        }
        let other = try connection.row(
            """
            SELECT id FROM vcs WHERE id <> \(draft.id)
            AND (LOWER(callback) = \(callback.lowercased()) OR id = \(callback.lowercased()))
            """
        )
        guard other == nil else {
            throw APIError.conflict("Another connection has this callback.", pointer: "/data/attributes/callback")
        }
    }

    // MARK: What follows

    /// Tokens belong to a client at an endpoint. Whoever changes one of these must not get what was given to the other.
    private func followChanges(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        guard let previous = draft.previous else {
            draft.set("manual_window_from", context.now)
            return
        }
        let newSecret = try newSecret(in: draft, previous)
        let isElsewhere = try endpoints(of: draft) != endpoints(of: previous)
        if isElsewhere, newSecret == .absent, try previous.find("client_secret", as: String.self) != nil {
            throw APIError.invalid(attribute: "clientSecret", "A new type or address needs the client secret again: it will be sent there.")
        }
        let isOtherClient = isElsewhere || draft.changes("client_id") || draft.changes("connection_type")
        let hasToken = draft.columns["access_token"] != nil
        if isOtherClient || hasToken { forgetTokens(&draft, keepingSent: hasToken) }
        if isOtherClient || newSecret == .changed {
            draft.set("status", VCSStatus.pending)
            draft.set("last_error", String?.none)
            draft.set("renewal_retry_date", Date?.none)
        }
        if isOtherClient || newSecret == .changed || draft.changes("callback") { draft.set("manual_window_from", context.now) }
        if isOtherClient || hasToken || newSecret == .changed {
            draft.set("connection_epoch", try previous.get("connection_epoch", as: Int.self) + 1)
            draft.set("renewal_claim", String?.none)
            draft.set("renewal_claim_until", Date?.none)
        }
    }

    private enum NewSecret {
        case absent
        case same
        case changed
    }

    /// Terraform's provider sends the secret with every change: the same one again is no change.
    private func newSecret(in draft: ResourceDraft, _ previous: SQLRow) throws -> NewSecret {
        guard draft.columns["client_secret"] != nil else { return .absent }
        // One that no key of this server opens any more is replaced.
        let old = try? secrets.open("client_secret", of: previous, id: draft.id)
        let new: String? = try draft.value("client_secret")
        return old != nil && old == new ? .same : .changed
    }

    private func forgetTokens(_ draft: inout ResourceDraft, keepingSent: Bool) {
        for column in ["refresh_token", "granted_scopes", "connected_as", "last_error", "renewal_claim"] { draft.set(column, String?.none) }
        for column in ["token_expiration", "token_obtained_date", "renewal_claim_until", "renewal_retry_date"] {
            draft.set(column, Date?.none)
        }
        draft.set("renewal_failures", 0)
        if keepingSent == false { draft.set("access_token", String?.none) }
    }

    private func endpoints(of draft: ResourceDraft) throws -> [String] {
        try Self.endpoints(type: draft.value("vcs_type"), endpoint: draft.value("endpoint"), apiURL: draft.value("api_url"))
    }

    private func endpoints(of row: SQLRow) throws -> [String] {
        try Self.endpoints(type: row.find("vcs_type"), endpoint: row.find("endpoint"), apiURL: row.find("api_url"))
    }

    private static func endpoints(type: VCSType?, endpoint: String?, apiURL: String?) -> [String] {
        let effective = type.flatMap { VCSEndpoints(type: $0, endpoint: endpoint, apiURL: apiURL) }
        return [type?.rawValue ?? "", effective?.web ?? "", effective?.api ?? ""]
    }
}
