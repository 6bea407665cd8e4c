import Foundation

/// The environment that git runs in: nothing of the machine's or a user's configuration, no hooks, no prompts, no
/// other transport than HTTP.
struct GitEnvironment: Sendable {
    /// What is taken over from the server's own environment: where programs are, whom to trust, how to get out.
    private static let inherited = [
        "PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy",
        "https_proxy", "no_proxy", "all_proxy",
    ]

    private static let configuration = [
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
        ("core.attributesFile", "/dev/null"),
        ("core.excludesFile", "/dev/null"),
        ("safe.directory", "*"),
        // Housekeeping happens when the mirror is locked, not in a process that outlives the command.
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("fetch.unpackLimit", "1"),
        // A connection that has died is noticed after a minute.
        ("http.lowSpeedLimit", "1"),
        ("http.lowSpeedTime", "60"),
        // An empty helper forgets all that were configured before.
        ("credential.helper", ""),
    ]

    /// Hands out the credentials that the environment holds. Arguments are visible to everybody, an environment only
    /// to the same user.
    private static let helper =
        #"!f() { test "$1" = get && printf 'username=%s\npassword=%s\n' "$TERRAKUBE_GIT_USERNAME" "$TERRAKUBE_GIT_PASSWORD"; }; f"#

    private let base: [String: String]

    /// - Parameters:
    ///   - server: The server's environment.
    ///   - home: An empty folder.
    init(server: [String: String], home: String) {
        var base = server.filter { Self.inherited.contains($0.key) }
        base["PATH"] = base["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        base["GIT_SSL_CAINFO"] = base["GIT_SSL_CAINFO"] ?? base["SSL_CERT_FILE"]
        base["HOME"] = home
        base["LC_ALL"] = "C"
        base["GIT_CONFIG_NOSYSTEM"] = "1"
        base["GIT_CONFIG_GLOBAL"] = "/dev/null"
        base["GIT_ATTR_NOSYSTEM"] = "1"
        base["GIT_TERMINAL_PROMPT"] = "0"
        base["GIT_ASKPASS"] = ""
        base["SSH_ASKPASS"] = ""
        base["GIT_ALLOW_PROTOCOL"] = "http:https"
        base["GIT_PROTOCOL_FROM_USER"] = "0"
        base["GIT_LITERAL_PATHSPECS"] = "1"
        self.base = base
    }

    /// - Parameters:
    ///   - credentials: Given to `origin` only, wherever a redirect may lead.
    /// - Throws: `ToolError.refused` for credentials that cannot be written in git's protocol.
    func variables(origin: String? = nil, credentials: GitCredentials? = nil) throws -> [String: String] {
        var variables = base
        var configuration = Self.configuration
        if let origin, let credentials {
            guard !"\(credentials.username)\(credentials.password)".contains(where: { $0.isNewline || $0 == "\0" }) else {
                throw ToolError.refused("The credentials for \(origin) contain a line break.")
            }
            configuration.append(("credential.\(origin).helper", Self.helper))
            variables["TERRAKUBE_GIT_USERNAME"] = credentials.username
            variables["TERRAKUBE_GIT_PASSWORD"] = credentials.password
        }
        variables["GIT_CONFIG_COUNT"] = String(configuration.count)
        for (index, (key, value)) in configuration.enumerated() {
            variables["GIT_CONFIG_KEY_\(index)"] = key
            variables["GIT_CONFIG_VALUE_\(index)"] = value
        }
        return variables
    }
}
