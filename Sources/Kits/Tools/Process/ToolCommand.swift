package import Foundation

/// One run of an external program: everything that the child sees is in here, nothing is inherited from the server.
package struct ToolCommand: Sendable {
    /// An absolute path, or a name that is looked up on the `PATH` of `environment`.
    package var executable: String
    /// What follows the program's name. Visible to everybody on the machine (`ps`): never a secret.
    package var arguments: [String]
    /// The complete environment.
    package var environment: [String: String]
    /// The working directory, an absolute path.
    package var directory: String
    package var input: ToolInput

    package init(
        executable: String,
        arguments: [String],
        environment: [String: String],
        directory: String,
        input: ToolInput
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.input = input
    }

    package init(
        executable: String,
        arguments: [String],
        environment: [String: String],
        directory: String,
        standardInput: Data? = nil
    ) {
        self.init(
            executable: executable,
            arguments: arguments,
            environment: environment,
            directory: directory,
            input: standardInput.map(ToolInput.data) ?? .none
        )
    }

    /// The program's name without its folder, for messages.
    package var program: String {
        executable.split(separator: "/").last.map(String.init) ?? executable
    }
}

/// What a program reads from its standard input.
package enum ToolInput: Sendable {
    /// `/dev/null`.
    case none
    /// These bytes. Up to 64 KiB stay in memory; more goes through a file without a name, which nobody can open.
    case data(Data)
    /// The file at this path.
    case file(String)
}

/// How a program ended.
package struct ToolExit: Sendable, Hashable {
    /// The exit code; 128 + the signal when a signal ended it, as shells report it.
    package let code: Int

    package init(code: Int) {
        self.code = code
    }

    package var isSuccess: Bool { code == 0 }
}
