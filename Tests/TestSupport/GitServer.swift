package import Foundation
import Subprocess
import SystemPackage

/// Real repositories behind git's own smart HTTP server (`git http-backend`), public or behind a password.
package struct GitServer: Sendable {
    /// Without a slash at the end.
    package let url: String
    private let root: URL
    private let log: URL

    /// The requests, as `METHOD PATH STATUS`, in order. None has ever a password in it.
    package var requests: [String] {
        ((try? String(contentsOf: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    /// - Parameters:
    ///   - username: Asked of everybody, together with `password`. Without it, the server is public.
    package static func with<Result: Sendable>(
        username: String? = nil,
        password: String = "",
        _ body: (GitServer) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryDirectory { directory in
            let root = directory.appending(path: "repositories")
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            let log = directory.appending(path: "requests.log")
            let login = username.map { Data("\($0):\(password)".utf8).base64EncodedString() } ?? ""
            return try await PythonServer.with(handler: handler, arguments: [log.path, root.path, login]) { port in
                try await body(GitServer(url: "http://127.0.0.1:\(port)", root: root, log: log))
            }
        }
    }

    /// Creates an empty repository with the branch `main`.
    package func repository(_ name: String) async throws -> GitRepository {
        let path = root.appending(path: name)
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        let repository = GitRepository(url: "\(url)/\(name)", path: path)
        try await repository.git("init", "--quiet", "--initial-branch=main")
        return repository
    }

    private static let handler =
        GitBackend.python
            + """
            class Handler(GitBackend):
                def do_GET(self): self.serve()
                def do_POST(self): self.serve()
                def serve(self):
                    body = self.content()
                    if ARGUMENTS[2] and self.headers.get('Authorization') != 'Basic ' + ARGUMENTS[2]:
                        status, headers, content = 401, [('WWW-Authenticate', 'Basic realm="git"')], b''
                    else:
                        status, headers, content = self.backend(ARGUMENTS[1], body)
                    record(f'{self.command} {self.path} {status}')
                    self.answer(status, headers, content)
            """
}

/// A repository of a `GitServer`.
package struct GitRepository: Sendable {
    package let url: String
    /// Its work tree on this machine.
    package let path: URL

    package struct Failure: Error {
        let arguments: [String]
        let output: String
    }

    /// Writes files (a nil content deletes one) and commits them on the current branch.
    ///
    /// - Returns: The commit's id.
    @discardableResult
    package func commit(_ files: [String: String?], message: String = "Change") async throws -> String {
        for (name, content) in files {
            let file = path.appending(path: name)
            if let content {
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try content.write(to: file, atomically: true, encoding: .utf8)
            } else {
                try FileManager.default.removeItem(at: file)
            }
        }
        try await git("add", "--all")
        try await git("commit", "--quiet", "--allow-empty", "--message", message)
        return try await git("rev-parse", "HEAD")
    }

    /// Runs git in the work tree, with a fixed author and no configuration of this machine.
    @discardableResult
    package func git(_ arguments: String...) async throws -> String {
        let identity = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@example.com",
            "GIT_COMMITTER_NAME": "Test", "GIT_COMMITTER_EMAIL": "test@example.com",
        ]
        let result = try await Subprocess.run(
            .name("git"),
            arguments: Arguments(["-C", path.path] + arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: identity.map { (Environment.Key(stringLiteral: $0), $1) })),
            output: .string(limit: 1 << 20),
            error: .combinedWithOutput
        )
        guard result.terminationStatus.isSuccess else { throw Failure(arguments: arguments, output: result.standardOutput) }
        return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
