import Tools

/// Runs the programs of one step, with their output in its log.
struct StepProcess: Sendable {
    let runner: ToolRunner
    let log: LogShipper
    /// How long an interrupted program may take to end.
    let grace: Duration

    /// Keeps the output of a program readable when this server dies. Terraform would otherwise be killed by SIGPIPE at
    /// its next word, with resources made and no state written; this way it goes on, and hands its state over when the
    /// server is back. `exec` makes Terraform itself the leader of the process group, and `-i` keeps `tee` in place
    /// while an interrupted Terraform finishes.
    static let outliving = #"exec "$@" > >(exec "$0" -ip /dev/null) 2>&1"#

    func run(_ executable: String, _ arguments: [String], environment: ChildEnvironment, in directory: String) async throws -> ToolExit {
        let command = ToolCommand(
            executable: executable,
            arguments: arguments,
            environment: environment.variables,
            directory: directory
        )
        return try await runner.run(command, graceful: grace) { await log.write($0) }
    }

    /// Runs a program that changes the world, and therefore should end by itself even without this server.
    ///
    /// - Parameter searchPath: The server's own, for the two programs that this takes.
    func runOutliving(
        _ executable: String,
        _ arguments: [String],
        environment: ChildEnvironment,
        in directory: String,
        searchPath: String
    ) async throws -> ToolExit {
        let bash = try ExecutableLookup.path(of: "bash", searchPath: searchPath)
        let tee = try ExecutableLookup.path(of: "tee", searchPath: searchPath)
        return try await run(bash, ["-c", Self.outliving, tee, executable] + arguments, environment: environment, in: directory)
    }
}
