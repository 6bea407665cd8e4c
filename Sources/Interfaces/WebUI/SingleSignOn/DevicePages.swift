import Foundation
import HTTPTypes
import Hummingbird
import Identity
import JSONAPI
import Service

/// `/dex/device`: where people type the code that a program without a browser shows (RFC 8628 §3.3).
struct DevicePages: Sendable {
    private struct Form: Decodable {
        let csrf: String?
        let userCode: String
        let decision: String?

        enum CodingKeys: String, CodingKey {
            case csrf, decision
            case userCode = "user_code"
        }
    }

    let pages: PageRenderer
    let signOn: SingleSignOnService
    let users: UserService
    let address: ServerAddress
    let time: TimeSource
    /// Codes are short, so guessing them is made slow.
    let throttle = SignInThrottle()

    func register(on router: some RouterMethods<ServerContext>) {
        router.group("dex/device")
            .get(use: entry)
            .post(use: decide)
    }

    @Sendable
    private func entry(request: Request, context: ServerContext) throws -> Response {
        _ = try context.requirePrincipal()
        let typed = FormParameters(request.uri.query ?? "")["user_code"]
        return page(.entry(code: typed.flatMap { UserCode(typed: $0) }?.text, problem: nil), context)
    }

    @Sendable
    private func decide(request: Request, context: ServerContext) async throws -> Response {
        guard let user = try await users.user(of: try context.requirePrincipal()) else {
            throw APIError.forbidden("Only people connect devices.")
        }
        let form = try await request.form(Form.self, address: address)
        try context.requireCSRF(form.csrf)
        let subjects = [SignInThrottle.Subject.account(user.id)]
        if let wait = throttle.begin(subjects, now: time.now()) {
            let problem = "There were too many attempts. Try again in \(max(1, Int(wait.rounded(.up)))) s."
            return page(.entry(code: nil, problem: problem), context, status: .tooManyRequests)
        }
        let unknown = "No program waits for this code. It may have expired: start again where you got it."
        guard let code = UserCode(typed: form.userCode), let client = try await signOn.client(waitingFor: code) else {
            return page(.entry(code: nil, problem: unknown), context, status: .badRequest)
        }
        throttle.succeed(subjects)
        guard let decision = form.decision else { return page(.question(code: code.text, client: client.name), context) }
        let isAllowed = decision == "allow"
        guard try await signOn.decide(code, isAllowed: isAllowed, as: user) else {
            return page(.entry(code: nil, problem: unknown), context, status: .badRequest)
        }
        return page(.outcome(isAllowed: isAllowed, client: client.name), context)
    }

    private func page(_ step: DeviceContent.Step, _ context: ServerContext, status: HTTPResponse.Status = .ok) -> Response {
        let content = DeviceContent(step, csrf: context.session?.csrfToken)
        return pages.page(.device, title: "Connect a device", content: content, for: context, status: status)
    }
}

/// What the page shows: first a field for the code, then the question, then what came of it.
private struct DeviceContent: Sendable {
    enum Step {
        case entry(code: String?, problem: String?)
        case question(code: String, client: String)
        case outcome(isAllowed: Bool, client: String)
    }

    struct Entry: Sendable {
        let code: String?
        let problem: String?
        let csrf: String?
    }

    struct Question: Sendable {
        let code: String
        let client: String
        let csrf: String?
    }

    struct Outcome: Sendable {
        let isAllowed: Bool
        let client: String
    }

    var entry: Entry?
    var question: Question?
    var outcome: Outcome?

    init(_ step: Step, csrf: String?) {
        switch step {
        case .entry(let code, let problem): entry = Entry(code: code, problem: problem, csrf: csrf)
        case .question(let code, let client): question = Question(code: code, client: client, csrf: csrf)
        case .outcome(let isAllowed, let client): outcome = Outcome(isAllowed: isAllowed, client: client)
        }
    }
}
