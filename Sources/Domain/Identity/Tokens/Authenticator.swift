package import Database
import Foundation
import HTTPTypes
package import Hummingbird
import JWTKit
package import Service

/// Puts the principal of a request into its context: by bearer token, by basic password (Terraform's `http` backend
/// can send nothing else), or by the cookie of a browser session.
///
/// A token that is not valid makes the request anonymous; whatever needs a principal then answers 401.
package struct Authenticator: RouterMiddleware {
    package typealias Context = ServerContext

    private let database: any SQLDatabase
    private let signer: TokenSigner
    private let users: UserService
    private let sessions: SessionService
    private let singleSignOn: SingleSignOnService
    private let time: TimeSource
    private let isJobAlive: @Sendable (JobGrant) async throws -> Bool

    /// - Parameter isJobAlive: Whether the job still runs under this epoch; jobs live in an upper room.
    package init(
        database: any SQLDatabase,
        signer: TokenSigner,
        users: UserService,
        sessions: SessionService,
        singleSignOn: SingleSignOnService,
        time: TimeSource,
        isJobAlive: @escaping @Sendable (JobGrant) async throws -> Bool
    ) {
        self.database = database
        self.signer = signer
        self.users = users
        self.sessions = sessions
        self.singleSignOn = singleSignOn
        self.time = time
        self.isJobAlive = isJobAlive
    }

    package func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let token = Self.token(in: request.headers[.authorization]) {
            context.principal = try await principal(for: token)
        } else if let session = try await sessions.session(of: request) {
            context.principal = users.principal(for: session.user)
            context.session = session.reference
        }
        return try await next(request, context)
    }

    /// The principal that a token stands for right now, or nil.
    package func principal(for token: String) async throws -> Principal? {
        let now = time.now()
        guard let claims = await signer.verify(token, now: now), let issuer = TokenClaims.Issuer(rawValue: claims.iss.value) else {
            return try await singleSignOn.user(of: token).map { users.principal(for: $0) }
        }
        switch issuer {
        case .personal:
            let id = claims.jti.value
            return try await database.read { connection in
                if let owner = try PersonalTokenStore(connection).owner(id: id, now: now) { return users.principal(for: owner) }
                return try TeamTokenStore(connection).find(id: id, now: now).map { users.principal(for: $0) }
            }
        case .job:
            guard let jobID = claims.jobId, let epoch = claims.epoch, let workspaceID = claims.workspaceId else { return nil }
            let grant = JobGrant(jobID: jobID, epoch: epoch, workspaceID: workspaceID)
            guard try await isJobAlive(grant) else { return nil }
            return Principal(kind: .job(grant), name: "TerrakubeInternal")
        }
    }

    /// Source: RFC 6750 §2.1 for Bearer, RFC 7617 for Basic.
    private static func token(in header: String?) -> String? {
        guard let header, let space = header.firstIndex(of: " ") else { return nil }
        let value = header[header.index(after: space)...].trimmingCharacters(in: .whitespaces)
        switch header[..<space].lowercased() {
        case "bearer":
            return value
        case "basic":
            guard let data = Data(base64Encoded: value) else { return nil }
            return String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1).last.map(String.init)
        default:
            return nil
        }
    }
}
