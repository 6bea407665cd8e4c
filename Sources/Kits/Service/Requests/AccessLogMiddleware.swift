package import Hummingbird
import Logging

/// Logs one line per request: method, path (never the query, which may hold what a client should not have put there),
/// status and duration.
package struct AccessLogMiddleware: RouterMiddleware {
    package typealias Context = ServerContext

    package init() {}

    package func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let begin = ContinuousClock.now
        let response = try await next(request, context)
        context.logger.debug(
            "\(request.method) \(request.uri.path)",
            metadata: ["status": "\(response.status.code)", "duration": "\(ContinuousClock.now - begin)"]
        )
        return response
    }
}
