import HTTPTypes
import Hummingbird
import JSONAPI
import Runs
import Service

/// The newest runs at `/`, a run at `/runs/{id}`, and its live events.
struct RunRoutes: Sendable {
    /// How many runs the home page lists.
    private static let listLength = 50

    let pages: PageRenderer
    let jobs: JobService
    let logs: LogService
    let address: ServerAddress
    let time: TimeSource

    func register(on router: some RouterMethods<ServerContext>) {
        router.get("/", use: list)
        router.group("runs/:run")
            .get(use: run)
            .get("events", use: events)
        // Where Terrakube's own pages have it: links in comments and messages lead there.
        router.get("organizations/:organization/workspaces/:workspace/runs/:run", use: forward)
        // Where the Terraform CLI says it is, with the id that it knows: `run-5`.
        router.get("app/:organization/:workspace/runs/:run", use: forward)
    }

    @Sendable
    private func list(request: Request, context: ServerContext) async throws -> Response {
        let runs = try await jobs.recent(limit: Self.listLength, as: try context.requirePrincipal())
        let content = RunListContent(runs, address: address, now: time.now())
        return pages.page(.runList, title: "Runs", content: content, for: context)
    }

    @Sendable
    private func run(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let run = try await jobs.detail(job: try context.requireRun(), as: principal)
        let output = try await RunOutput(of: run, from: logs, as: principal)
        let content = RunContent(run, logs: output.logs, after: output.end, csrf: context.session?.csrfToken, now: time.now())
        let title = "\(content.status.label) · Run \(content.id)"
        return pages.page(.run, title: title, content: content, for: context, refreshes: run.isOver == false)
    }

    @Sendable
    private func events(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let id = try context.requireRun()
        _ = try await jobs.detail(job: id, as: principal)
        let position = request.headers[named: "Last-Event-ID"] ?? request.uri.queryParameters["after"].map(String.init)
        let (pages, time, csrf) = (pages, time, context.session?.csrfToken)
        let events = RunEvents(
            run: id,
            after: position.flatMap { LogPosition($0) },
            jobs: jobs,
            logs: logs,
            principal: principal,
            render: { pages.fragment(.runLive, content: RunContent($0, csrf: csrf, now: time.now())) }
        )
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                for try await event in events {
                    try await writer.write(ByteBuffer(string: event.text))
                }
                try await writer.finish(nil)
            }
        )
    }

    @Sendable
    private func forward(request: Request, context: ServerContext) throws -> Response {
        .redirect(to: "/runs/\(try context.requireRun())", type: .found)
    }
}

extension ServerContext {
    /// The run that the path names.
    ///
    /// - Throws: `APIError` 404 when it is no number.
    func requireRun() throws -> Int {
        let text = try parameters.require("run")
        guard let run = Int(text.hasPrefix("run-") ? String(text.dropFirst(4)) : text) else {
            throw APIError.notFound("There is no such run.")
        }
        return run
    }
}
