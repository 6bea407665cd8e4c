import Foundation
import Tools
import Wire

/// Makes the directory of a job: its source, its Terraform, and the files that connect the two with this server.
struct JobPreparation: Sendable {
    let kit: ExecutorKit
    let assignment: JobAssignment
    let log: LogShipper

    private static let overrideFile = "terrakube_override.tf"
    /// Wins over every `backend` and `cloud` block of the configuration, because Terraform reads override files last.
    private var override: String {
        """
        terraform {
          backend "http" {
            skip_cert_verification = \(isStateOnThisMachine)
          }
        }

        """
    }

    /// The server's certificate is made for its public name. What goes to an address of this machine never leaves it, and
    /// need not prove whose it is.
    private var isStateOnThisMachine: Bool {
        let host = URLComponents(string: assignment.stateURL)?.host ?? ""
        return host == "localhost" || host == "[::1]" || host == "::1" || host.hasPrefix("127.")
    }

    /// - Parameter begin: Called with the commit as soon as it is known, beside the rest.
    func prepare(_ directory: JobDirectory, begin: @escaping @Sendable (String?) async throws -> Void) async throws -> PreparedJob {
        try directory.create()
        let path = try FolderPath(assignment.folder)
        async let wantedBinary = kit.binaries.binary(assignment.tool.binary, constraint: assignment.toolVersion)
        let commit = try await bringSource(to: directory.checkout, begin: begin)
        let folder = try resolve(path, in: directory.checkout, commit: commit)
        try removeForeignState(in: folder)
        let binary = try await wantedBinary
        let prepared = PreparedJob(
            directory: directory,
            folder: folder,
            commit: commit,
            constraint: assignment.toolVersion,
            version: binary.version.description,
            binary: binary.path
        )
        if PrivateFile.exists("\(folder)/terraform.tfstate") {
            try FileManager.default.removeItem(atPath: "\(folder)/terraform.tfstate")
            await log.write(LogText.warning("The source contains a terraform.tfstate. It is ignored: Terrakube keeps the state."))
        }
        return prepared
    }

    /// Writes what depends on the assignment, which may have changed while a job was paused.
    ///
    /// - Returns: The environment of everything that runs in the directory.
    func configure(_ prepared: PreparedJob) throws -> ChildEnvironment {
        try prepared.directory.makeFolders()
        try PrivateFile.write(override, to: "\(prepared.folder)/\(Self.overrideFile)")
        let variables = try TerraformVariables(
            assignment.variables,
            valuesFiles: TerraformVariables.valuesFiles(in: prepared.folder)
        )
        if let file = variables.file {
            try PrivateFile.write(file, to: "\(prepared.folder)/\(TerraformVariables.fileName)")
        }
        let cliConfiguration = CLIConfiguration(
            pluginCache: prepared.directory.plugins,
            pluginDirectory: kit.configuration.pluginDirectory,
            credentials: assignment.credentials
        )
        try PrivateFile.write(cliConfiguration.text, to: prepared.directory.cliConfiguration)
        return try ChildEnvironment(
            server: kit.configuration.environment,
            assignment: assignment,
            directory: prepared.directory,
            binary: prepared.binary,
            terraformVariables: variables
        )
    }

    /// - Returns: The commit that was checked out; nil for an archive.
    private func bringSource(
        to checkout: String,
        begin: @escaping @Sendable (String?) async throws -> Void
    ) async throws -> String? {
        switch assignment.source {
        case .archive(let version):
            try await beside({ try await begin(nil) }) {
                let archive = try await kit.persistently {
                    try await kit.control.archive(configurationVersion: version, lease: assignment.lease)
                }
                try PrivateFile.makeDirectory(checkout)
                try await kit.archives.extract(.data(archive), into: checkout)
            }
            return nil
        case .git(let repository, let reference, let pinned):
            let source = try GitSource(url: repository)
            let wanted = try GitReference(assignment.commit ?? pinned ?? reference)
            let (commit, credentials) = try await SourceCredentials(kit: kit, assignment: assignment).use(for: source) { credentials in
                try await kit.git.resolve(wanted, of: source, credentials: credentials)
            }
            try await beside({ try await begin(commit) }) {
                try PrivateFile.makeDirectory(checkout)
                try await kit.git.checkout(commit, of: source, credentials: credentials, into: checkout)
            }
            return commit
        }
    }

    /// Runs both at once. The first one is never cancelled half way: whether a step has begun must be known.
    private func beside(
        _ begin: @escaping @Sendable () async throws -> Void,
        _ work: () async throws -> Void
    ) async throws {
        async let begun: Void = begin()
        do {
            try await work()
        } catch {
            try await begun
            throw error
        }
        try await begun
    }

    private func resolve(_ path: FolderPath, in checkout: String, commit: String?) throws -> String {
        do {
            return try path.resolve(in: checkout)
        } catch ToolError.notFound {
            let place = commit.map { "the repository at commit \($0.prefix(12))" } ?? "the archive"
            throw StepFailure("The folder \"/\(path.relative)\" does not exist in \(place).")
        }
    }

    /// What an earlier `init` somewhere else left in the source would make ours ask about a migration.
    private func removeForeignState(in folder: String) throws {
        for name in ["terraform.tfstate", "environment"] where PrivateFile.exists("\(folder)/.terraform/\(name)") {
            try FileManager.default.removeItem(atPath: "\(folder)/.terraform/\(name)")
        }
    }
}

extension IaCTool {
    fileprivate var binary: IaCBinary {
        switch self {
        case .terraform: .terraform
        case .tofu: .tofu
        }
    }
}
