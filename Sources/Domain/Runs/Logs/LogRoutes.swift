import Foundation
import HTTPTypes
package import Hummingbird
import JSONAPI
package import Service
import ServiceLifecycle

/// `/tfoutput/v1`: the output of steps, whole and as a stream of server-sent events (api.md §3.5).
package struct LogRoutes: Sendable {
    private static let lastEventID = HTTPField.Name("Last-Event-ID")

    private let logs: LogService

    package init(logs: LogService) {
        self.logs = logs
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        router.group("tfoutput/v1/organization/:organization/job/:job/step/:step")
            .get(use: whole)
            .get("stream", use: stream)
    }

    @Sendable
    private func whole(request: Request, context: ServerContext) async throws -> Response {
        let (job, step) = try target(context)
        let data = try await logs.whole(step: step, job: job, as: try context.requirePrincipal())
        return .data(data, type: "application/octet-stream")
    }

    /// One event a line: `data` is the line, `id` the byte offset after it. A reader that comes back sends the last id
    /// as `Last-Event-ID` and goes on there. When the step has ended comes an event `end`, so that a browser does not
    /// connect again; a stream without it was cut off. Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html>.
    @Sendable
    private func stream(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let (job, step) = try target(context)
        let offset = max(0, Self.lastEventID.flatMap { request.headers[$0] }.flatMap(Int.init) ?? 0)
        let log = try await logs.follow(step: step, job: job, from: offset, as: principal)
        let body = ResponseBody { writer in
            var lines = EventLines(offset: offset)
            for try await element in log.cancelOnGracefulShutdown() {
                switch element {
                case .output(let bytes):
                    let text = lines.events(for: bytes)
                    if text.isEmpty == false { try await writer.write(ByteBuffer(string: text)) }
                case .idle:
                    try await writer.write(ByteBuffer(string: ": heartbeat\n\n"))
                case .end:
                    try await writer.write(ByteBuffer(string: lines.rest() + "event: end\ndata: \n\n"))
                }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: body
        )
    }

    private func target(_ context: ServerContext) throws -> (job: Int, step: String) {
        let step = try context.parameters.require("step")
        guard let job = Int(try context.parameters.require("job")) else { throw APIError.notFound("There is no such job.") }
        return (job, step)
    }
}

/// Cuts output into lines, as events.
struct EventLines {
    private var pending = Data()
    /// The offset after the last whole line.
    private var offset: Int

    init(offset: Int) {
        self.offset = offset
    }

    mutating func events(for bytes: Data) -> String {
        pending += bytes
        var result = ""
        while let newline = pending.firstIndex(of: UInt8(ascii: "\n")) {
            let line = pending[..<newline]
            offset += line.count + 1
            result += event(line)
            pending = pending[pending.index(after: newline)...]
        }
        return result
    }

    /// The last line, when it has no end.
    mutating func rest() -> String {
        guard pending.isEmpty == false else { return "" }
        offset += pending.count
        defer { pending = Data() }
        return event(pending)
    }

    private func event(_ line: Data) -> String {
        // A carriage return would end the field; progress bars use it to write over themselves.
        let text = String(decoding: line, as: UTF8.self).replacing("\r", with: "")
        return "id: \(offset)\ndata: \(text)\n\n"
    }
}
