package import Database
import Foundation
package import Service

/// The issuer: gives codes to people's programs, and tokens for codes.
///
/// Whatever may be used once is marked as used in the transaction that looks at it. A second use means that somebody else
/// has it as well, so all that came of the first one is taken back (RFC 9700 §4.14.2, RFC 6749 §4.1.2).
package struct SingleSignOnService: Sendable {
    /// What a transaction decided; the tokens are signed after it.
    enum Product: Sendable {
        case personalToken(PersonalToken, User)
        case openIDTokens(SignOnGrant, User, refreshToken: String?, nonce: String?)
    }

    let database: any SQLDatabase
    let tokens: IssuerTokens
    let time: TimeSource
    let ids: IDSource
    private let keys: IssuerKeys
    private let personalTokens: PersonalTokenService

    package init(
        database: any SQLDatabase,
        keys: IssuerKeys,
        personalTokens: PersonalTokenService,
        address: ServerAddress,
        time: TimeSource,
        ids: IDSource
    ) {
        self.database = database
        self.keys = keys
        self.personalTokens = personalTokens
        self.time = time
        self.ids = ids
        tokens = IssuerTokens(keys: keys, address: address)
    }

    package var issuer: String { tokens.issuer }

    func publishedKeys() async throws -> [IssuerKeys.WebKey] {
        try await keys.published()
    }

    // MARK: Codes

    /// - Throws: `AuthorizationRequest.Refusal`.
    package func request(_ parameters: FormParameters) throws(AuthorizationRequest.Refusal) -> AuthorizationRequest {
        try AuthorizationRequest(parameters, publicURL: tokens.address.publicURL, issuer: issuer)
    }

    /// Gives a client its code.
    ///
    /// - Returns: Where the browser takes it.
    package func authorize(_ request: AuthorizationRequest, for user: User) async throws -> String {
        let secret = SignOnSecret()
        let now = time.now()
        let code = AuthorizationCode(
            hash: secret.hash,
            userID: user.id,
            client: request.client.id,
            redirectURI: request.reply.redirectURI,
            challenge: request.challenge,
            scope: request.scope,
            nonce: request.nonce,
            expiresDate: now.addingTimeInterval(AuthorizationCode.lifetime)
        )
        try await database.write { transaction in
            let store = AuthorizationCodeStore(transaction)
            try store.deleteOld(now: now)
            try store.insert(code)
        }
        return request.reply.location(code: secret.text)
    }

    /// Takes a code for tokens. It has one try: with a wrong verifier it is gone.
    ///
    /// - Throws: `OAuthError`.
    func redeem(code: String, verifier: String, redirectURI: String?, client: SignOnClient) async throws -> SignOnAnswer {
        let hash = SignOnSecret(presented: code).hash
        let now = time.now()
        let offer = Offer(id: ids.next(), refreshToken: SignOnSecret(), now: now)
        let product = try await database.write { transaction -> Product? in
            let store = AuthorizationCodeStore(transaction)
            guard let code = try store.find(hash: hash) else { return nil }
            if code.isUsed {
                if let grant = code.grantID { try SignOnGrantStore(transaction).revoke(id: grant) }
                return nil
            }
            guard code.isFor(client: client, redirectURI: redirectURI, verifier: verifier, now: now),
                let user = try UserStore(transaction).findEnabled(id: code.userID)
            else {
                try store.use(hash: hash, for: nil)
                return nil
            }
            try store.use(hash: hash, for: offer.id)
            return try offer.accept(client: client, scope: code.scope, user: user, nonce: code.nonce, in: transaction)
        }
        guard let product else { throw OAuthError.invalidGrant("code") }
        return try await answer(product, now: now)
    }

    /// Takes a refresh token for new tokens, and for the next refresh token.
    ///
    /// - Throws: `OAuthError`.
    func refresh(_ token: String, client: SignOnClient) async throws -> SignOnAnswer {
        let hash = SignOnSecret(presented: token).hash
        let now = time.now()
        let next = SignOnSecret()
        let product = try await database.write { transaction -> Product? in
            let store = SignOnGrantStore(transaction)
            guard let token = try store.findRefreshToken(hash: hash) else { return nil }
            if token.isUsed {
                try store.revoke(id: token.grantID)
                return nil
            }
            guard token.expiresDate > now, let (grant, user) = try store.find(id: token.grantID, now: now), grant.client == client.id else {
                return nil
            }
            try store.useRefreshToken(hash: hash)
            try store.insertRefreshToken(hash: next.hash, grantID: grant.id, now: now)
            return .openIDTokens(grant, user, refreshToken: next.text, nonce: nil)
        }
        guard let product else { throw OAuthError.invalidGrant("refresh token") }
        return try await answer(product, now: now)
    }

    // MARK: Tokens

    /// Whose access token it is, right now: with the groups that the account has, and nil when it is disabled.
    package func user(of accessToken: String) async throws -> User? {
        let now = time.now()
        guard let id = try await tokens.grantID(of: accessToken, now: now) else { return nil }
        return try await database.read { try SignOnGrantStore($0).find(id: id, now: now)?.user }
    }

    func answer(_ product: Product, now: Date) async throws -> SignOnAnswer {
        switch product {
        case .personalToken(let token, let user):
            return SignOnAnswer(accessToken: try await personalTokens.sign(token, of: user))
        case .openIDTokens(let grant, let user, let refreshToken, let nonce):
            var answer = SignOnAnswer(accessToken: try await tokens.accessToken(for: grant, user: user, now: now))
            answer.expiresIn = Int(SignOnGrant.tokenLifetime)
            answer.refreshToken = refreshToken
            answer.scope = grant.scope.text
            if grant.scope.isOpenID {
                answer.idToken = try await tokens.idToken(for: grant, user: user, nonce: nonce, now: now)
            }
            return answer
        }
    }

    /// What a transaction may give away: made before it, as it may run more than once.
    struct Offer: Sendable {
        let id: String
        let refreshToken: SignOnSecret
        let now: Date

        /// Writes the rows that keep the tokens alive.
        func accept(
            client: SignOnClient,
            scope: SignOnScope,
            user: User,
            nonce: String?,
            in transaction: any SQLTransaction
        ) throws -> Product {
            switch client.product {
            case .personalToken:
                let token = PersonalToken(
                    id: id,
                    userID: user.id,
                    description: "\(client.id) login",
                    days: 0,
                    createdDate: now,
                    createdBy: user.email
                )
                try PersonalTokenStore(transaction).insert(token)
                return .personalToken(token, user)
            case .openIDTokens:
                let grant = SignOnGrant(id: id, userID: user.id, client: client.id, scope: scope, createdDate: now)
                let store = SignOnGrantStore(transaction)
                try store.insert(grant)
                guard scope.isOffline else { return .openIDTokens(grant, user, refreshToken: nil, nonce: nonce) }
                try store.insertRefreshToken(hash: refreshToken.hash, grantID: id, now: now)
                return .openIDTokens(grant, user, refreshToken: refreshToken.text, nonce: nonce)
            }
        }
    }
}
