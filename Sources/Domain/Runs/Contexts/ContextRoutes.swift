import Foundation
import HTTPTypes
package import Hummingbird
import JSONAPI
package import Service
import ServiceLifecycle

/// `/context/v1/{job}`: the context of a job, whole and as a stream of server-sent events (api.md §3.7).
package struct ContextRoutes: Sendable {
    private static let lastEventID = HTTPField.Name("Last-Event-ID")

    private let contexts: ContextService

    package init(contexts: ContextService) {
        self.contexts = contexts
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        router.group("context/v1/:job")
            .get(use: read)
            .post(use: write)
            .get("stream", use: stream)
    }

    @Sendable
    private func read(request: Request, context: ServerContext) async throws -> Response {
        let document = try await contexts.document(job: try job(in: context), as: try context.requirePrincipal())
        return .data(document.serialised(), type: "application/json")
    }

    @Sendable
    private func write(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let job = try job(in: context)
        let body = try await request.wholeBody(upTo: ContextService.sizeLimit)
        return .data(try await contexts.replace(body, job: job, as: principal).serialised(), type: "application/json")
    }

    /// One event a document: `data` is the whole document, `id` its version. A reader that comes back sends the last id
    /// as `Last-Event-ID`, and gets no document twice. When the job has ended comes an event `end`.
    /// Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html>.
    @Sendable
    private func stream(request: Request, context: ServerContext) async throws -> Response {
        let version = Self.lastEventID.flatMap { request.headers[$0] }.flatMap(Int.init) ?? 0
        let follower = try await contexts.follow(job: try job(in: context), after: version, as: try context.requirePrincipal())
        let body = ResponseBody { writer in
            for try await element in follower.cancelOnGracefulShutdown() {
                try await writer.write(ByteBuffer(string: Self.event(for: element)))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: body
        )
    }

    /// A serialised document has no line break: it is one line of data.
    private static func event(for element: ContextFollower.Element) -> String {
        switch element {
        case .changed(let context): "id: \(context.version)\ndata: \(String(decoding: context.document.serialised(), as: UTF8.self))\n\n"
        case .idle: ": heartbeat\n\n"
        case .end: "event: end\ndata: \n\n"
        }
    }

    private func job(in context: ServerContext) throws -> Int {
        guard let job = Int(try context.parameters.require("job")) else { throw APIError.notFound("There is no such job.") }
        return job
    }
}
