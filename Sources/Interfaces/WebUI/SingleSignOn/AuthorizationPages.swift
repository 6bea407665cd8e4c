import Foundation
import HTTPTypes
import Hummingbird
import Identity
import JSONAPI
import Service

/// `/dex/auth`: where programs send people to sign in, and the question whether they may.
struct AuthorizationPages: Sendable {
    let pages: PageRenderer
    let signOn: SingleSignOnService
    let users: UserService
    let address: ServerAddress

    func register(on router: some RouterMethods<ServerContext>) {
        router.group("dex")
            .get("auth", use: authorize)
            .post("approval", use: decide)
    }

    @Sendable
    private func authorize(request: Request, context: ServerContext) async throws -> Response {
        try await answering(FormParameters(request.uri.query ?? "")) { authorization in
            guard let session = context.session, let principal = context.principal, let user = try await users.user(of: principal) else {
                return try signIn(for: authorization, request, context)
            }
            guard authorization.client.needsConsent else {
                return .redirect(to: try await signOn.authorize(authorization, for: user))
            }
            guard authorization.isSilent == false else {
                return .redirect(to: authorization.reply.location(OAuthError(.consentRequired, "The user must be asked.")))
            }
            let content = ConsentContent(authorization, user: user, csrf: session.csrfToken)
            var response = pages.page(.consent, title: "Allow access", content: content, for: context)
            // Browsers check where a form leads to even after a redirect.
            response.headers[.contentSecurityPolicy] = HTTPFields.pagePolicy(formTarget: authorization.reply.origin)
            return response
        }
    }

    @Sendable
    private func decide(request: Request, context: ServerContext) async throws -> Response {
        let form = FormParameters(try await request.formText(address: address))
        return try await answering(form) { authorization in
            guard let principal = context.principal, let user = try await users.user(of: principal) else { throw APIError.unauthorized() }
            try context.requireCSRF(form["csrf"])
            guard form["decision"] == "allow" else { return .redirect(to: authorization.reply.location(.denied)) }
            return .redirect(to: try await signOn.authorize(authorization, for: user))
        }
    }

    /// Reads the request of a client; one that can't be answered to the client is answered by a page.
    private func answering(
        _ parameters: FormParameters,
        _ body: (AuthorizationRequest) async throws -> Response
    ) async throws -> Response {
        let authorization: AuthorizationRequest
        do {
            authorization = try signOn.request(parameters)
        } catch {
            switch error {
            case .page(let text):
                let advice = "Nobody got access. Go back to where you came from and start again; if it happens again, tell its makers."
                throw APIError(status: 400, title: "This sign-in link can't be used", detail: "\(text) \(advice)")
            case .reply(let reply, let error):
                return .redirect(to: reply.location(error))
            }
        }
        return try await body(authorization)
    }

    private func signIn(for authorization: AuthorizationRequest, _ request: Request, _ context: ServerContext) throws -> Response {
        guard context.principal == nil else {
            throw APIError.badRequest("This page is for people: open it in a browser, without a token.")
        }
        guard authorization.isSilent == false else {
            return .redirect(to: authorization.reply.location(OAuthError(.loginRequired, "The user has not signed in.")))
        }
        guard let target = ReturnPath(request.uri.string) else {
            return .redirect(to: authorization.reply.location(OAuthError(.invalidRequest, "The request is too long.")))
        }
        return .redirect(to: SignInRoutes.path(returningTo: target))
    }
}

private struct ConsentContent: Sendable {
    struct Field: Sendable {
        let name: String
        let value: String
    }

    let client: String
    let user: String
    let origin: String
    let keepsToken: Bool
    let csrf: String
    let fields: [Field]

    init(_ authorization: AuthorizationRequest, user: User, csrf: String) {
        client = authorization.client.name
        self.user = user.username
        origin = authorization.reply.origin
        keepsToken = authorization.client.keepsToken
        self.csrf = csrf
        fields = authorization.fields.map { Field(name: $0.name, value: $0.value) }
    }
}
