import HTTPTypes
import Hummingbird
import Identity
import Service

/// `/login` and `/logout`.
struct SignInRoutes: Sendable {
    let pages: PageRenderer
    let users: UserService
    let sessions: SessionService
    let address: ServerAddress
    let throttle = SignInThrottle()
    let time: TimeSource

    /// The address of the form, for somebody who wanted to see another page.
    static func path(returningTo target: ReturnPath?) -> String {
        guard let target, target.path != "/" else { return "/login" }
        return "/login?next=\(target.queryValue)"
    }

    func register(on router: some RouterMethods<ServerContext>) {
        router.get("login", use: form)
        router.post("login", use: signIn)
        router.post("logout", use: signOut)
    }

    @Sendable
    private func form(request: Request, context: ServerContext) -> Response {
        let target = request.uri.queryParameters["next"].map(String.init).flatMap(ReturnPath.init)
        if context.principal != nil { return .redirect(to: target?.path ?? "/") }
        return page(target: target, problem: nil, context)
    }

    @Sendable
    private func signIn(request: Request, context: ServerContext) async throws -> Response {
        let form = try await request.form(SignInForm.self, address: address)
        let target = form.next.flatMap(ReturnPath.init)
        let subjects = [SignInThrottle.Subject.account(form.username)] + (context.remoteAddress.map { [.address($0)] } ?? [])
        if let wait = throttle.begin(subjects, now: time.now()) { return waitingPage(target: target, seconds: wait, context) }
        guard let user = try await users.authenticate(username: form.username, password: form.password) else {
            // One text for all reasons: nobody learns here which accounts there are.
            return page(target: target, problem: "The username or the password is wrong.", context)
        }
        throttle.succeed(subjects)
        if let previous = context.session { _ = try await sessions.end(previous) }
        var response = Response.redirect(to: target?.path ?? "/")
        response.headers.append(try await sessions.begin(for: user))
        return response
    }

    @Sendable
    private func signOut(request: Request, context: ServerContext) async throws -> Response {
        let form = try await request.form(SignOutForm.self, address: address)
        var response = Response.redirect(to: "/login")
        guard let session = context.session else { return response }
        try context.requireCSRF(form.csrf)
        response.headers.append(try await sessions.end(session))
        return response
    }

    /// Source: RFC 6585 §4.
    private func waitingPage(target: ReturnPath?, seconds: Double, _ context: ServerContext) -> Response {
        let seconds = max(1, Int(seconds.rounded(.up)))
        let problem = "There were too many attempts. Try again in \(seconds) \(seconds == 1 ? "second" : "seconds")."
        var response = page(target: target, problem: problem, context, status: .tooManyRequests)
        response.headers[.retryAfter] = String(seconds)
        return response
    }

    private func page(
        target: ReturnPath?,
        problem: String?,
        _ context: ServerContext,
        status: HTTPResponse.Status = .forbidden
    ) -> Response {
        let content = SignInContent(next: target?.path, problem: problem)
        return pages.page(.signIn, title: "Sign in", content: content, for: context, status: problem == nil ? .ok : status)
    }
}

private struct SignInForm: Decodable {
    let username: String
    let password: String
    let next: String?
}

private struct SignOutForm: Decodable {
    let csrf: String?
}

private struct SignInContent: Sendable {
    let next: String?
    let problem: String?
}
