import Database
import Foundation
import Logging
import Service

/// Gives out the access tokens of connections, and renews them in time.
///
/// However many callers in however many processes find a token expired, one of them renews it: the right to do so is
/// taken by a conditional UPDATE. What came of it is in the database before anybody uses it, because a provider that
/// rotates refresh tokens has forgotten the old one by then; the others wait for the change and read it there.
package struct VCSTokenService: Sendable {
    static let topic = "vcs"
    /// A renewal that has not ended by then died with its process, in seconds. The exchange itself gives up earlier.
    private static let claimLifetime: TimeInterval = 60
    /// Bitbucket forgets refresh tokens that nobody used for three months.
    private static let keepAlive: TimeInterval = 7 * 24 * 3600

    private let database: any SQLDatabase
    private let keyring: Keyring
    private let exchange: TokenExchange
    private let address: ServerAddress
    private let time: TimeSource
    private let ids: IDSource
    private let logger: Logger

    init(
        database: any SQLDatabase,
        keyring: Keyring,
        exchange: TokenExchange,
        address: ServerAddress,
        time: TimeSource,
        ids: IDSource,
        logger: Logger
    ) {
        self.database = database
        self.keyring = keyring
        self.exchange = exchange
        self.address = address
        self.time = time
        self.ids = ids
        self.logger = logger
    }

    /// - Parameters:
    ///   - id: The connection.
    ///   - refused: A token that the provider has just refused although it should be valid: another one is needed.
    /// - Returns: A token that lasts for a while.
    /// - Throws: `VCSUnavailable` with the reason.
    package func accessToken(of id: String, refused: String? = nil) async throws -> String {
        try await accessToken(of: id, refused: refused, maximumAge: nil)
    }

    /// Renews what nobody used for a week, so that it does not lapse.
    package func renewIdle() async {
        do {
            let date = time.now().addingTimeInterval(-Self.keepAlive)
            let idle = try await database.read { [keyring] in try VCSStore($0, keyring: keyring).idle(since: date) }
            for id in idle {
                // Its failure is in the database and in the log.
                _ = try? await accessToken(of: id, refused: nil, maximumAge: Self.keepAlive)
            }
        } catch {
            logger.error("Can't look for connections to renew", metadata: ["error": "\(error)"])
        }
    }

    private func accessToken(of id: String, refused: String?, maximumAge: TimeInterval?) async throws -> String {
        // Listening begins before the first look: what is stored in between wakes us.
        let changes = database.changes().filter { ($0.topic == Self.topic && $0.key == id) || $0.topic == "*" }
        var hasRenewed = false
        while true {
            guard let connection = try await database.read({ [keyring] in try VCSStore($0, keyring: keyring).find(id: id) }) else {
                throw VCSUnavailable("The connection does not exist any more.")
            }
            switch RenewalDecision(for: connection, refused: refused, maximumAge: maximumAge, now: time.now()) {
            case .use(let token): return token
            case .fail: throw unavailable(connection)
            case .wait(let until): await Change.first(of: changes, orAfter: .seconds(max(until.timeIntervalSince(time.now()), 0) + 0.1))
            case .renew where hasRenewed: throw unavailable(connection)
            case .renew: hasRenewed = try await renew(connection)
            }
            try Task.checkCancellation()
        }
    }

    /// Why there is no token, and where to get one.
    private func unavailable(_ connection: VCSConnection) -> VCSUnavailable {
        let connect = "at \(address.publicURL)/connect/v1/vcs/\(connection.id)"
        let reason =
            switch (connection.lastError, connection.tokens.accessToken) {
            case (let error?, _) where connection.tokens.retryDate != nil: error
            case (let error?, _): "\(error) Connect it again \(connect)"
            case (nil, nil): "Nobody has authorized it yet. Connect it \(connect)"
            case (nil, _): "Its token is not valid any more. Connect it again \(connect)"
            }
        return VCSUnavailable("The connection \(connection.name) can't be used. \(reason)")
    }

    // MARK: Renewing

    /// - Returns: Whether this caller did it; false when another one was first.
    private func renew(_ connection: VCSConnection) async throws -> Bool {
        let claim = ids.next()
        let now = time.now()
        let isOurs = try await database.write { [keyring] transaction in
            try VCSStore(transaction, keyring: keyring)
                .claimRenewal(of: connection, claim: claim, until: now.addingTimeInterval(Self.claimLifetime), now: now)
        }
        guard isOurs else { return false }
        // A task of its own: a caller who goes away must not take a rotated token along before it is stored.
        let work = Task { try await exchangeAndStore(connection, claim: claim) }
        try await work.value
        return true
    }

    private func exchangeAndStore(_ connection: VCSConnection, claim: String) async throws {
        guard let provider = connection.provider, let refreshToken = connection.tokens.refreshToken else {
            return try await record(.rejected(code: "unsupported"), of: connection, claim: claim)
        }
        let client = connection.oauthClient(address)
        do {
            let tokens = try await exchange.tokens(.refreshToken(refreshToken), from: provider, as: client)
            try await store(tokens, of: connection, claim: claim)
        } catch let failure as OAuthFailure {
            try await record(failure, of: connection, claim: claim)
        }
    }

    /// The provider has forgotten the old tokens: a database that is away for a moment is asked again.
    private func store(_ tokens: OAuthTokens, of connection: VCSConnection, claim: String) async throws {
        var pause: Duration = .milliseconds(100)
        while pause < .seconds(5) {
            do {
                return try await storeOnce(tokens, of: connection, claim: claim)
            } catch {
                logger.error("Can't store renewed tokens", metadata: ["vcs": "\(connection.id)", "error": "\(error)"])
                try await Task.sleep(for: pause)
                pause *= 2
            }
        }
        try await storeOnce(tokens, of: connection, claim: claim)
    }

    private func storeOnce(_ tokens: OAuthTokens, of connection: VCSConnection, claim: String) async throws {
        let now = time.now()
        try await database.write { [keyring] transaction in
            _ = try VCSStore(transaction, keyring: keyring).renew(connection, with: tokens, claim: claim, now: now)
            try transaction.notify(Change(topic: Self.topic, key: connection.id))
        }
        logger.info("Renewed the tokens of a connection", metadata: ["vcs": "\(connection.id)"])
    }

    private func record(_ failure: OAuthFailure, of connection: VCSConnection, claim: String) async throws {
        let now = time.now()
        let retryDate: Date? =
            switch failure {
            case .rejected: nil
            case .unavailable(_, let retryAfter):
                RenewalDecision.retryDate(failures: connection.tokens.failures, retryAfter: retryAfter, now: now)
            }
        let reason = failure.sentence(provider: connection.gitProvider?.name ?? "The provider")
        try await database.write { [keyring] transaction in
            try VCSStore(transaction, keyring: keyring)
                .recordFailedRenewal(connection, claim: claim, reason: reason, retryDate: retryDate)
            try transaction.notify(Change(topic: Self.topic, key: connection.id))
        }
        logger.warning("Can't renew the tokens of a connection", metadata: ["vcs": "\(connection.id)", "reason": "\(reason)"])
    }
}

extension VCSConnection {
    /// As whom the provider knows us.
    func oauthClient(_ address: ServerAddress) -> OAuthClient {
        OAuthClient(id: clientID, secret: clientSecret, redirectURI: "\(address.publicURL)/callback/v1/vcs/\(callbackName)")
    }
}

/// Why a connection gives no token, for the person who can mend it.
package struct VCSUnavailable: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
