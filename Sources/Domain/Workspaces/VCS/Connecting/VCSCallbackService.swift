import Database
import Foundation
import Logging
import Service

/// Finishes the authorization of a connection when a provider sends the browser back.
struct VCSCallbackService: Sendable {
    /// What came with the browser.
    struct Arrival: Sendable {
        /// The last part of the path.
        let name: String
        let code: String?
        let error: String?
        let state: String?
        /// The cookie of `VCSConnectService.Departure`.
        let browser: String?
    }

    private static let maximumCodeLength = 8192

    let database: any SQLDatabase
    let keyring: Keyring
    let exchange: TokenExchange
    let attempts: ConnectAttempts
    let address: ServerAddress
    /// For how long a callback without a state is taken, in seconds.
    let manualWindow: TimeInterval
    let time: TimeSource
    let logger: Logger

    /// - Returns: The outcome, and the connection if there is one.
    func arrive(_ arrival: Arrival) async throws -> (outcome: CallbackOutcome, connection: VCSConnection?) {
        let isName = arrival.name.utf8.count <= 36 && arrival.name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        let found = try await database.read { [keyring] in
            isName ? try VCSStore($0, keyring: keyring).find(callbackName: arrival.name) : nil
        }
        guard let connection = found else { return (.failed(.unknown), nil) }
        let outcome = try await connect(connection, arrival)
        if case .failed(let failure) = outcome {
            logger.warning("A connection was not authorized", metadata: ["vcs": "\(connection.id)", "reason": "\(failure.code)"])
        } else {
            logger.info("A connection was authorized", metadata: ["vcs": "\(connection.id)"])
        }
        return (outcome, connection)
    }

    private func connect(_ connection: VCSConnection, _ arrival: Arrival) async throws -> CallbackOutcome {
        guard let provider = connection.provider else { return .failed(.notOAuth) }
        if arrival.error == "access_denied" { return .failed(.denied) }
        guard arrival.error == nil, let code = arrival.code, code.isEmpty == false, code.utf8.count <= Self.maximumCodeLength else {
            return .failed(.missingCode)
        }
        var attempt: ConnectAttempts.Taken?
        if let state = arrival.state {
            attempt = try await attempts.take(state: state, browser: arrival.browser ?? "", connection: connection.id)
            guard let attempt else { return .failed(.foreignState) }
            logger.info("An authorization came back", metadata: ["vcs": "\(connection.id)", "by": "\(attempt.author)"])
        } else if let refusal = refusalWithoutState(connection) {
            return .failed(refusal)
        }
        let grant = OAuthGrant.code(code, verifier: provider.supportsPKCE ? attempt?.verifier : nil)
        // A task of its own: the code is used up, and a browser that goes away must not take the tokens along.
        let work = Task { [mayReplace = attempt != nil] in
            do {
                let tokens = try await exchange.tokens(grant, from: provider, as: connection.oauthClient(address))
                let outcome = try await store(tokens, of: connection, mayReplace: mayReplace)
                if case .connected = outcome { await recordAccount(of: tokens, of: connection, provider: provider) }
                return outcome
            } catch let failure as OAuthFailure {
                return try await record(failure, of: connection, provider: provider)
            }
        }
        return try await work.value
    }

    /// The address that people type by hand carries no state. It is taken while the connection does not work yet, and
    /// only for a time: else anybody who learns a callback's address could put an account of their own in place.
    private func refusalWithoutState(_ connection: VCSConnection) -> CallbackOutcome.Failure? {
        if connection.status == .completed { return .alreadyConnected }
        guard let from = connection.manualWindowFrom, time.now() < from.addingTimeInterval(manualWindow) else { return .windowClosed }
        return nil
    }

    private func store(_ tokens: OAuthTokens, of connection: VCSConnection, mayReplace: Bool) async throws -> CallbackOutcome {
        let now = time.now()
        let isStored = try await database.write { [keyring] transaction in
            let isStored = try VCSStore(transaction, keyring: keyring)
                .connect(connection, with: tokens, mayReplace: mayReplace, now: now)
            try transaction.notify(Change(topic: VCSTokenService.topic, key: connection.id))
            return isStored
        }
        return isStored ? .connected(redirectURL: connection.redirectURL) : .failed(.alreadyConnected)
    }

    /// Only for people to see: the connection works without.
    private func recordAccount(of tokens: OAuthTokens, of connection: VCSConnection, provider: any VCSProvider) async {
        guard let account = await exchange.account(of: tokens.accessToken, at: provider) else { return }
        do {
            try await database.write { [keyring] in try VCSStore($0, keyring: keyring).record(account: account, of: connection) }
        } catch {
            logger.warning("Can't note the account of a connection", metadata: ["vcs": "\(connection.id)", "error": "\(error)"])
        }
    }

    private func record(
        _ failure: OAuthFailure,
        of connection: VCSConnection,
        provider: any VCSProvider
    ) async throws -> CallbackOutcome {
        let reason = failure.sentence(provider: provider.name)
        let isFinal = if case .rejected = failure { true } else { false }
        try await database.write { [keyring] transaction in
            try VCSStore(transaction, keyring: keyring).recordFailedConnect(connection, reason: reason, isFinal: isFinal)
        }
        return .failed(.provider(reason))
    }
}
