import ArgumentParser
import Database
import Foundation
import Identity
import JSONAPI
import Server

/// `terrakube user`: the accounts of a server, beside it or without it. Passwords come on standard input, never as an
/// argument that others could see.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Keep the accounts of this server.",
        subcommands: [Create.self, List.self, Disable.self, Enable.self, SetPassword.self, Groups.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an account. Without --password-stdin its password is printed.")

        @OptionGroup var storage: StorageOptions
        @OptionGroup var password: PasswordOptions
        @Argument(help: "The name to sign in with.") var username: String
        @Option(help: "The email address, which others see.") var email: String
        @Option(help: "A group; may be given several times.") var group: [String] = []

        func run() async throws {
            let given = try password.read()
            try await storage.withUsers { users in
                let made = try await users.create(username: username, email: email, groups: Set(group), password: given)
                if given == nil { print(made.password) }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts: name, email, groups, and whether it is disabled.")

        @OptionGroup var storage: StorageOptions

        func run() async throws {
            try await storage.withUsers { users in
                for user in try await users.list() {
                    let groups = user.groups.sorted().joined(separator: ",")
                    print([user.username, user.email, groups, user.isDisabled ? "disabled" : ""].joined(separator: "\t"))
                }
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shut an account: its sessions and tokens end at once.")

        @OptionGroup var storage: StorageOptions
        @Argument var username: String

        func run() async throws {
            try await storage.withUsers { try await $0.setDisabled(true, of: $0.find(username: username).id) }
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Open a disabled account again.")

        @OptionGroup var storage: StorageOptions
        @Argument var username: String

        func run() async throws {
            try await storage.withUsers { try await $0.setDisabled(false, of: $0.find(username: username).id) }
        }
    }

    struct SetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an account another password, and end its sessions. Without --password-stdin it is made up and printed."
        )

        @OptionGroup var storage: StorageOptions
        @OptionGroup var password: PasswordOptions
        @Argument var username: String

        func run() async throws {
            let given = try password.read()
            try await storage.withUsers { users in
                let set = try await users.setPassword(given, of: users.find(username: username).id)
                if given == nil { print(set) }
            }
        }
    }

    struct Groups: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say which groups an account is in; those not named it leaves.")

        @OptionGroup var storage: StorageOptions
        @Argument var username: String
        @Argument(help: "The groups; none at all is possible.") var groups: [String] = []

        func run() async throws {
            try await storage.withUsers { try await $0.setGroups(Set(groups), of: $0.find(username: username).id) }
        }
    }
}

/// Where a password comes from.
struct PasswordOptions: ParsableArguments {
    @Flag(help: "Read the password from standard input, up to the end of the line.")
    var passwordStdin = false

    /// - Returns: nil when one is to be made up.
    func read() throws -> String? {
        guard passwordStdin else { return nil }
        guard let line = readLine(strippingNewline: true), line.isEmpty == false else {
            throw ValidationError("There was no password on standard input.")
        }
        return line
    }
}

extension StorageOptions {
    fileprivate func withUsers(_ body: (UserAdministration) async throws -> Void) async throws {
        let persistence = try await Persistence(try configuration(environment: ProcessInfo.processInfo.environment))
        do {
            try await body(persistence.accounts)
        } catch let error as APIError {
            await persistence.database.close()
            throw ValidationError(error.detail)
        } catch {
            await persistence.database.close()
            throw error
        }
        await persistence.database.close()
    }
}
