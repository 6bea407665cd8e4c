package import Foundation
import Subprocess

/// A host of a version control system, as strict as the real one in what this project relies on: its page for
/// approvals, its token endpoint, and private repositories that open to its tokens only.
package struct FakeVCSHost: Sendable {
    /// Whose manners it has.
    package enum Persona: String, CaseIterable, Sendable {
        case bitbucket
        case github
        case gitlab
        case gitea
        case azure

        /// The `vcsType` of a connection to it.
        package var type: String {
            switch self {
            case .bitbucket: "BITBUCKET"
            case .github: "GITHUB"
            case .gitlab: "GITLAB"
            case .gitea: "GITEA"
            case .azure: "AZURE_DEVOPS"
            }
        }

        fileprivate var apiPath: String {
            switch self {
            case .bitbucket: "/2.0"
            case .github: "/api/v3"
            case .gitlab: "/api/v4"
            case .gitea: "/api/v1"
            case .azure: ""
            }
        }
    }

    /// What the host says about itself.
    package struct Report: Decodable, Sendable {
        /// Every access and refresh token and code that it gave out, in order.
        package let accessTokens: [String]
        package let refreshTokens: [String]
        package let codes: [String]
        /// What a careful client would not have done.
        package let violations: [String]
        /// `METHOD PATH STATUS` of each request; the path has no query.
        package let requests: [String]
        /// The grants that the token endpoint was asked for, with its answer: `refresh_token 200`.
        package let grants: [String]

        package var secrets: [String] { accessTokens + refreshTokens + codes }
    }

    package struct Page: Sendable {
        package let status: Int
        /// Where a redirect leads.
        package let location: String?
        package let body: Data

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package let persona: Persona
    /// The base of pages and of OAuth, without a slash at the end.
    package let url: String
    package var apiURL: String { url + persona.apiPath }
    package let clientID = "client-key-1"
    package let clientSecret = "canary-client-secret-\(UUID().uuidString.lowercased())"
    private let root: URL

    package static func with<Result: Sendable>(_ persona: Persona, _ body: (FakeVCSHost) async throws -> Result) async throws -> Result {
        try await withTemporaryDirectory { directory in
            let root = directory.appending(path: "repositories")
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            let arguments = [directory.appending(path: "requests.log").path, root.path, persona.rawValue]
            return try await PythonServer.with(handler: GitBackend.python + program, arguments: arguments) { port in
                let host = FakeVCSHost(persona: persona, url: "http://127.0.0.1:\(port)", root: root)
                try await host.set(["client": host.clientID, "secret": host.clientSecret])
                return try await body(host)
            }
        }
    }

    /// Creates a private repository with the branch `main`.
    package func repository(_ name: String = "acme/infra.git") async throws -> GitRepository {
        let path = root.appending(path: name)
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        let repository = GitRepository(url: "\(url)/\(name)", path: path)
        try await repository.git("init", "--quiet", "--initial-branch=main")
        return repository
    }

    // MARK: What its owner does

    /// The address that people are sent back to, as the consumer's settings have it.
    package func setCallback(_ address: String) async throws {
        try await set(["callback": address])
    }

    /// Lets the next access tokens live for so many seconds.
    package func setLifetime(seconds: Int) async throws {
        try await set(["lifetime": String(seconds)])
    }

    /// People say no from now on.
    package func denyApprovals() async throws {
        try await set(["deny": "yes"])
    }

    /// Bitbucket's answers until May 2026: `scopes` instead of `scope`.
    package func useOldAnswers() async throws {
        try await set(["old": "yes"])
    }

    /// Takes every access token back that is out, as if its time were over.
    package func expireAccessTokens() async throws {
        try await set(["expire": "yes"])
    }

    /// Takes every token back.
    package func revokeEverything() async throws {
        try await set(["revoke": "yes"])
    }

    /// The next so many requests to the token endpoint fail with a status. The body repeats what was sent.
    package func failTokenRequests(_ number: Int, status: Int) async throws {
        try await set(["failures": String(number), "failure": String(status)])
    }

    /// The token endpoint takes so long.
    package func delayTokens(milliseconds: Int) async throws {
        try await set(["delay": String(milliseconds)])
    }

    package func report() async throws -> Report {
        try JSONDecoder().decode(Report.self, from: try await browse("\(url)/_control").body)
    }

    // MARK: What a browser does

    /// Opens an address without following redirects.
    package func browse(_ address: String, cookie: String? = nil) async throws -> Page {
        let marker = "\n--\(UUID().uuidString)--"
        let cookies = cookie.map { ["--cookie", $0] } ?? []
        let output = try await Self.curl(
            ["--silent", "--show-error", "--globoff", "--write-out", "\(marker)%{http_code} %{redirect_url}"] + cookies + ["--", address]
        )
        guard let end = output.range(of: Data(marker.utf8), options: .backwards) else { throw Unreachable() }
        let status = String(decoding: output[end.upperBound...], as: UTF8.self).split(separator: " ")
        return Page(
            status: status.first.flatMap { Int($0) } ?? 0,
            location: status.count > 1 ? String(status[1]) : nil,
            body: Data(output[..<end.lowerBound])
        )
    }

    package struct Unreachable: Error {}

    private func set(_ settings: [String: String]) async throws {
        let body = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        _ = try await Self.curl(["--silent", "--show-error", "--fail", "--data", body, "--", "\(url)/_control"])
    }

    private static func curl(_ arguments: [String]) async throws -> Data {
        // Its arguments hold secrets, so they go in by a file: processes are looked at by tests.
        let quoted = arguments.map {
            "\"" + $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
        }
        var lines: [String] = []
        var index = 0
        while index < arguments.count {
            let takesValue = ["--write-out", "--cookie", "--data"].contains(arguments[index])
            if arguments[index] == "--" {
                lines.append("url = \(quoted[index + 1])")
            } else if takesValue {
                lines.append("\(arguments[index].dropFirst(2)) = \(quoted[index + 1])")
            } else {
                lines.append(String(arguments[index].dropFirst(2)))
            }
            index += takesValue || arguments[index] == "--" ? 2 : 1
        }
        let result = try await Subprocess.run(
            .name("curl"),
            arguments: ["--noproxy", "*", "--config", "-"],
            input: .string(lines.joined(separator: "\n") + "\n"),
            output: .data(limit: 16 << 20),
            error: .string(limit: 1 << 16)
        )
        guard result.terminationStatus.isSuccess else { throw Unreachable() }
        return result.standardOutput
    }
}
