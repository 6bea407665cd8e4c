import HTTPTypes
package import Hummingbird
import JSONAPI
package import Service

/// Answers a browser that asks for a page which is not there by a page. It stands around the whole router, inside of
/// whatever turns errors into the answers of APIs.
package struct NotFoundPages: RouterMiddleware {
    package typealias Context = ServerContext

    /// The first parts of the paths that programs use; they get their errors in their own shapes.
    private static let machinePaths: Set<Substring> = [
        ".well-known", "access-token", "actuator", "api", "assets", "callback", "context", "dex", "doc", "health", "metrics", "migrate",
        "pat", "remote",
        "terraform", "tfoutput", "tfstate", "tofu", "webhook",
    ]

    let pages: PageRenderer

    package func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && Self.isForBrowser(request) {
            let error = APIError.notFound("There is no page at this address. It may have moved, or the link is incomplete.")
            var response = ErrorPage(error, path: request.uri.path).response(pages, context)
            response.headers.protectPage()
            return response
        }
    }

    private static func isForBrowser(_ request: Request) -> Bool {
        guard request.method == .get || request.method == .head else { return false }
        let first = request.uri.path.split(separator: "/", maxSplits: 1).first ?? ""
        return machinePaths.contains(first) == false && request.headers[.accept]?.contains("text/html") == true
    }
}
