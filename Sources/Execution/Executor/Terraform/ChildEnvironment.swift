import Foundation
import Wire

/// The environment of everything that runs for a job. Nothing of the server's own is in it but what programs need to
/// find each other and the network.
struct ChildEnvironment: Sendable {
    /// Marks every process of a job, and all that it starts, with the job's directory. An executor that starts again
    /// finds by it what an earlier one left behind.
    static let marker = "TERRAKUBE_JOB_DIRECTORY"
    static let defaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private static let passedThrough = [
        "LANG", "LC_ALL", "TZ", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE",
    ]

    let variables: [String: String]

    init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// What Terraform runs with. Later values win: the server's, then the workspace's, then what a run depends on.
    ///
    /// - Parameters:
    ///   - server: The server's own environment.
    ///   - binary: The path of the Terraform that scripts shall find first.
    init(
        server: [String: String],
        assignment: JobAssignment,
        directory: JobDirectory,
        binary: String,
        terraformVariables: TerraformVariables
    ) throws {
        var variables = server.filter { Self.passedThrough.contains($0.key) }
        variables["LANG"] = variables["LANG"] ?? "C.UTF-8"
        variables["HOME"] = directory.home
        variables["TF_CLI_CONFIG_FILE"] = directory.cliConfiguration
        variables["CHECKPOINT_DISABLE"] = "1"
        variables["GIT_TERMINAL_PROMPT"] = "0"
        for variable in assignment.environment {
            guard Self.isName(variable.key), !variable.value.contains("\0") else {
                throw StepFailure("\(variable.key.debugDescription) cannot be an environment variable.")
            }
            variables[variable.key] = variable.value
        }
        variables.merge(terraformVariables.environment) { _, own in own }
        variables.merge(Self.backend(assignment)) { _, own in own }
        variables["TF_IN_AUTOMATION"] = "1"
        variables["TF_INPUT"] = "0"
        variables["workspaceName"] = assignment.workspace.name
        variables["organizationName"] = assignment.organization.name
        variables[Self.marker] = directory.root
        let searchPath = variables["PATH"] ?? server["PATH"] ?? Self.defaultSearchPath
        let folder = binary.split(separator: "/").dropLast().joined(separator: "/")
        variables["PATH"] = "/\(folder):\(directory.tools):\(searchPath)"
        self.init(variables)
    }

    /// Terraform's `http` backend takes its whole configuration from here, so that the token is in no file.
    private static func backend(_ assignment: JobAssignment) -> [String: String] {
        [
            "TF_HTTP_ADDRESS": assignment.stateURL,
            "TF_HTTP_LOCK_ADDRESS": assignment.stateURL,
            "TF_HTTP_UNLOCK_ADDRESS": assignment.stateURL,
            "TF_HTTP_UPDATE_METHOD": "POST",
            "TF_HTTP_LOCK_METHOD": "LOCK",
            "TF_HTTP_UNLOCK_METHOD": "UNLOCK",
            "TF_HTTP_USERNAME": "job",
            "TF_HTTP_PASSWORD": assignment.lease.token,
            // About two minutes: as long as a server may take to start again while an apply goes on.
            "TF_HTTP_RETRY_MAX": "16",
            "TF_HTTP_RETRY_WAIT_MIN": "1",
            "TF_HTTP_RETRY_WAIT_MAX": "10",
            "TF_HTTP_SKIP_CERT_VERIFICATION": isOnThisMachine(assignment.stateURL) ? "true" : "false",
        ]
    }

    /// The server's certificate is made for its public name. What goes to an address of this machine never leaves it, and
    /// need not prove whose it is.
    private static func isOnThisMachine(_ url: String) -> Bool {
        let host = URLComponents(string: url)?.host ?? ""
        return host == "localhost" || host == "[::1]" || host.hasPrefix("127.")
    }

    /// What scripts find in addition: the names that Terrakube's own have always had.
    func forScript(
        of step: StepAssignment,
        in workingDirectory: String,
        job: JobAssignment,
        prepared: PreparedJob,
        apiURL: String?
    ) -> ChildEnvironment {
        let (source, branch) =
            switch job.source {
            case .git(let repository, let reference, _): (repository, reference)
            case .archive: ("", "remote-content")
            }
        var script = [
            "workingDirectory": workingDirectory,
            "organizationId": job.organization.id,
            "workspaceId": job.workspace.id,
            "jobId": String(job.lease.jobID),
            "stepId": step.id,
            "terraformVersion": prepared.version,
            "source": source,
            "branch": branch,
            "vcsType": "PUBLIC",
            "bashToolsDirectory": prepared.directory.tools,
            "terrakubeEnv": prepared.directory.scriptEnvironment,
        ]
        script["terrakubeApi"] = apiURL
        script["terrakubeToken"] = job.scriptToken
        for variable in job.variables where Self.isName(variable.key) && variables[variable.key] == nil {
            script[variable.key] = variable.value
        }
        return ChildEnvironment(variables.merging(script) { _, own in own }).adding(scriptLines: prepared.directory.scriptEnvironment)
    }

    /// Adds the `KEY=VALUE` lines that scripts wrote into a file for what runs after them.
    func adding(scriptLines path: String) -> ChildEnvironment {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return self }
        var variables = variables
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, Self.isName(String(parts[0])), !parts[1].contains("\0"), parts[0] != Self.marker else { continue }
            variables[String(parts[0])] = String(parts[1])
        }
        return ChildEnvironment(variables)
    }

    private static func isName(_ key: String) -> Bool {
        !key.isEmpty && !key.contains(where: { $0 == "=" || $0 == "\0" || $0.isNewline })
    }
}
