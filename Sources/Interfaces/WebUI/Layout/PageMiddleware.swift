import HTTPTypes
import Hummingbird
import JSONAPI
import Service

/// Around every page: errors become pages that say what to do, somebody who has not signed in is asked to, and browsers
/// are told to trust nothing but this server.
struct PageMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let pages: PageRenderer

    func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            let error = APIError(answering: error, logger: context.logger)
            response = error.status == 401 ? signIn(for: request) : ErrorPage(error, path: request.uri.path).response(pages, context)
        }
        response.headers.protectPage()
        return response
    }

    private func signIn(for request: Request) -> Response {
        .redirect(to: SignInRoutes.path(returningTo: request.method == .get ? ReturnPath(request.uri.string) : nil))
    }
}

extension HTTPFields {
    /// What browsers may do with a page. Nothing is inline and everything comes from here, so that text which gets into
    /// a page in spite of all escaping still can't run or call anybody.
    /// Sources: CSP Level 3, <https://www.w3.org/TR/CSP3/>; <https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html>.
    mutating func protectPage() {
        // A page may have said itself where its form leads.
        if self[.contentSecurityPolicy] == nil { self[.contentSecurityPolicy] = Self.pagePolicy() }
        self[.xContentTypeOptions] = "nosniff"
        self[named: "Referrer-Policy"] = "same-origin"
        self[.cacheControl] = "no-store"
    }

    /// - Parameter formTarget: An origin besides this server that the page's form may lead to.
    static func pagePolicy(formTarget: String? = nil) -> String {
        """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
        form-action 'self'\(formTarget.map { " " + $0 } ?? ""); frame-ancestors 'none'; base-uri 'none'
        """
    }
}
