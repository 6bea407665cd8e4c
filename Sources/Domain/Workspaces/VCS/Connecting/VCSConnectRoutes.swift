import Foundation
import HTTPTypes
import Hummingbird
import JSONAPI
import Service

/// `GET /connect/v1/vcs/{id}`: the browser goes to the provider's page. A client that asks for JSON gets its address, as
/// `authorizeUrl`.
///
/// `POST /connect/v1/vcs/{id}/manual` lets the connection be authorized without a state again, for a time.
struct VCSConnectRoutes: Sendable {
    private let connects: VCSConnectService
    private let cookie: ConnectCookie
    private let signInPath: String

    init(connects: VCSConnectService, isSecure: Bool, signInPath: String) {
        self.connects = connects
        self.signInPath = signInPath
        cookie = ConnectCookie(isSecure: isSecure)
    }

    func register(on router: some RouterMethods<ServerContext>) {
        router.get("connect/v1/vcs/:vcs", use: connect)
        router.post("connect/v1/vcs/:vcs/manual", use: openManualWindow)
    }

    @Sendable
    private func connect(request: Request, context: ServerContext) async throws -> Response {
        guard request.method == .get else { throw APIError.methodNotAllowed("Only GET is possible here.") }
        let id = try context.parameters.require("vcs")
        if context.principal == nil, request.headers[.accept]?.contains("text/html") == true {
            let back: FormFields = ["next": "/connect/v1/vcs/\(id)"]
            return Response(status: .found, headers: [.location: "\(signInPath)?\(back.encoded)"])
        }
        let principal = try context.requirePrincipal()
        // A page elsewhere must not send a signed-in browser off to connect something.
        let site = HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] }
        guard context.session == nil || site == nil || site != "cross-site" else {
            throw APIError.forbidden("Begin at a page of this server.")
        }
        let departure = try await connects.depart(to: id, as: principal)
        let wantsJSON = request.headers[.accept]?.contains("json") == true
        var response =
            wantsJSON
            ? try Response.json(["authorizeUrl": departure.authorizeURL])
            : Response(status: .found, headers: [.location: departure.authorizeURL])
        response.headers.append(cookie.field(departure.browser, seconds: Int(ConnectAttempts.lifetime)))
        response.headers[.cacheControl] = "no-store"
        return response
    }

    @Sendable
    private func openManualWindow(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        guard context.session == nil else { throw APIError.forbidden("This needs a bearer token.") }
        try await connects.openManualWindow(of: try context.parameters.require("vcs"), as: principal)
        return Response(status: .noContent)
    }
}
