package import Foundation

/// Serves the files of a folder over HTTP, and remembers what was asked for.
package struct FileServer: Sendable {
    /// Without a slash at the end.
    package let url: String
    /// What is served.
    package let root: URL
    private let log: URL

    /// The paths that were asked for, in order.
    package var requests: [String] {
        ((try? String(contentsOf: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    package func write(_ content: Data, to name: String) throws {
        let file = root.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try content.write(to: file)
    }

    package static func with<Result: Sendable>(_ body: (FileServer) async throws -> Result) async throws -> Result {
        try await withTemporaryDirectory { directory in
            let root = directory.appending(path: "root")
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            let log = directory.appending(path: "requests.log")
            return try await PythonServer.with(handler: handler, arguments: [log.path, root.path]) { port in
                try await body(FileServer(url: "http://127.0.0.1:\(port)", root: root, log: log))
            }
        }
    }

    private static let handler = """
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                record(self.path)
                try:
                    with open(ARGUMENTS[1] + urllib.parse.urlsplit(self.path).path, 'rb') as file: body, status = file.read(), 200
                except OSError: body, status = b'', 404
                self.send_response(status)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        """
}
