import HTTPTypes
package import Hummingbird
import JSONAPI

/// The one place where a thrown error becomes the answer of an API: a JSON:API error document, whatever was called.
/// What we did not foresee is logged with the request's id and answered with 500 and that id, nothing more.
package struct ErrorMiddleware: RouterMiddleware {
    package typealias Context = ServerContext

    package init() {}

    package func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            return response(to: APIError(answering: error, logger: context.logger))
        }
    }

    private func response(to error: APIError) -> Response {
        var headers: HTTPFields = [.contentType: "application/vnd.api+json"]
        if error.status == 401 { headers[.wwwAuthenticate] = "Bearer realm=\"terrakube\"" }
        if error.status == 503 { headers[.retryAfter] = "1" }
        return Response(status: .init(code: error.status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: error.document())))
    }
}
