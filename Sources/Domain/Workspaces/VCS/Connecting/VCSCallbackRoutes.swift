import Foundation
import HTTPTypes
import Hummingbird
import JSONAPI
import Service

/// `GET /callback/v1/vcs/{vcsId}?code=…`, where providers send browsers after the approval. Nobody is signed in here.
///
/// It answers `Connected`, to the letter, or leads on to the connection's `redirectUrl` (vcs.md §2.1).
struct VCSCallbackRoutes: Sendable {
    private let callbacks: VCSCallbackService
    private let cookie: ConnectCookie

    init(callbacks: VCSCallbackService, isSecure: Bool) {
        self.callbacks = callbacks
        cookie = ConnectCookie(isSecure: isSecure)
    }

    func register(on router: some RouterMethods<ServerContext>) {
        router.get("callback/v1/vcs/:vcs", use: arrive)
    }

    @Sendable
    private func arrive(request: Request, context: ServerContext) async throws -> Response {
        // A HEAD request, of a program that looks ahead, would use up the code.
        guard request.method == .get else { return Self.text("Only GET is possible here.", status: .methodNotAllowed) }
        let query = request.uri.queryParameters
        func parameter(_ name: Substring) -> String? {
            query[name].map(String.init).flatMap { $0.isEmpty ? nil : $0 }
        }
        let (outcome, connection) = try await callbacks.arrive(
            VCSCallbackService.Arrival(
                name: try context.parameters.require("vcs"),
                code: parameter("code"),
                error: parameter("error"),
                state: parameter("state"),
                browser: cookie.value(in: request.headers)
            )
        )
        var response = answer(outcome, redirectURL: connection?.redirectURL)
        if parameter("state") != nil { response.headers.append(cookie.field("", seconds: 0)) }
        return response
    }

    private func answer(_ outcome: CallbackOutcome, redirectURL: String?) -> Response {
        switch outcome {
        case .connected(let url?): Self.protected(Response(status: .found, headers: [.location: url]))
        case .connected(nil): Self.text("Connected", status: .ok)
        case .failed(let failure):
            if let url = callbacks.returnAddress(redirectURL, after: failure) {
                Self.protected(Response(status: .found, headers: [.location: url]))
            } else {
                Self.text("Connection failed: \(failure.reason)", status: .init(code: failure.status))
            }
        }
    }

    private static func text(_ text: String, status: HTTPResponse.Status) -> Response {
        protected(.data(Data(text.utf8), type: "text/plain", status: status))
    }

    /// The address of this answer holds a code: it is not to be kept, nor to be told to others.
    private static func protected(_ response: Response) -> Response {
        var response = response
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        if let referrerPolicy = HTTPField.Name("Referrer-Policy") { response.headers[referrerPolicy] = "no-referrer" }
        return response
    }
}

extension VCSCallbackService {
    /// Where the browser goes after a failure: only to a page of this server, because anybody can bring a failure about.
    func returnAddress(_ redirectURL: String?, after failure: CallbackOutcome.Failure) -> String? {
        guard let redirectURL, let origin = WebOrigin(redirectURL), origin == WebOrigin(address.publicURL),
            var components = URLComponents(string: redirectURL)
        else { return nil }
        components.queryItems = (components.queryItems ?? []) + [URLQueryItem(name: "vcs_error", value: failure.code)]
        return components.string
    }
}
