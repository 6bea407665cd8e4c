import ArgumentParser
import Database
import Foundation
import Identity
import Server

/// `terrakube token`: access tokens, made beside the server or without one.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make access tokens.",
        subcommands: [Create.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a personal access token, and print it alone on standard output."
        )

        @OptionGroup var storage: StorageOptions

        @Option(help: "The user whose token it is.")
        var user: String

        @Option(help: "What the token is for, at most 64 characters.")
        var description: String

        @Option(help: "Days until it ends; 0 is never.")
        var days = 0

        func run() async throws {
            let persistence = try await Persistence(
                try storage.configuration(environment: ProcessInfo.processInfo.environment)
            )
            guard let user = try await persistence.users.find(username: user) else {
                throw ValidationError("There is no user \(self.user).")
            }
            print(try await persistence.tokens.create(for: user, description: description, days: days))
            await persistence.database.close()
        }
    }
}
