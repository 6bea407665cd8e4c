import HTTPTypes
import Hummingbird
import JSONAPI
import Service

/// A page that says what went wrong, and the way on.
struct ErrorPage {
    private let error: APIError
    private let way: Way

    /// - Parameter path: What was asked for; errors of a run's forms lead back to the run.
    init(_ error: APIError, path: String) {
        self.error = error
        let parts = path.split(separator: "/")
        if parts.count > 2, parts[0] == "runs", let run = Int(parts[1]) {
            way = Way(path: "/runs/\(run)", label: "Back to run \(run)")
        } else {
            way = Way(path: "/", label: "Go to the runs")
        }
    }

    func response(_ pages: PageRenderer, _ context: ServerContext) -> Response {
        let content = Content(status: error.status, heading: error.title, detail: error.detail, way: way)
        return pages.page(.error, title: error.title, content: content, for: context, status: .init(code: error.status))
    }

    private struct Content: Sendable {
        let status: Int
        let heading: String
        let detail: String
        let way: Way
    }

    private struct Way: Sendable {
        let path: String
        let label: String
    }
}
