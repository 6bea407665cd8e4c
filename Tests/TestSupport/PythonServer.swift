import Foundation
import Subprocess

/// A small HTTP server as a process of its own: a Python script that prints its port, and ends when its standard input
/// does, so that it does not outlive a crashed test run.
enum PythonServer {
    struct DidNotStart: Error {}

    /// - Parameter handler: Python source that defines `class Handler(BaseHTTPRequestHandler)`. It has `ARGUMENTS`, and
    ///   `record(line)`, which appends to the file that is `ARGUMENTS[0]`.
    static func with<Result: Sendable>(handler: String, arguments: [String], _ body: (Int) async throws -> Result) async throws -> Result {
        let result = try await Subprocess.run(
            .name("python3"),
            arguments: Arguments(["-u", "-c", prelude + handler + postlude] + arguments),
            input: .inputWriter,
            output: .sequence,
            error: .currentStandardError
        ) { execution in
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            guard let line = try await lines.next(), let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                throw DidNotStart()
            }
            let result = try await body(port)
            try await execution.standardInputWriter.finish()
            return result
        }
        return result.closureResult
    }

    private static let prelude = """
        import base64, os, subprocess, sys, threading, urllib.parse
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        ARGUMENTS = sys.argv[1:]
        LOCK = threading.Lock()
        def record(line):
            with LOCK, open(ARGUMENTS[0], 'a') as log:
                log.write(line + '\\n')
        class Quiet:
            protocol_version = 'HTTP/1.1'
            def log_message(self, *arguments): pass

        """

    private static let postlude = """

        class Served(Quiet, Handler): pass
        server = ThreadingHTTPServer(('127.0.0.1', 0), Served)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        os._exit(0)
        """
}
