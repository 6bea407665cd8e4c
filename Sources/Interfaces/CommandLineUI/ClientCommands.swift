package import ArgumentParser

/// The verbs that talk to a server. The executable lists them beside its own.
package enum ClientCommands {
    package static var all: [any ParsableCommand.Type] {
        [RunCommand.self, OrganizationCommand.self, WorkspaceCommand.self, JobCommand.self]
    }
}
