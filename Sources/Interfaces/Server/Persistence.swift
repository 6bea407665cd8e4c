import BlobStore
package import Database
import Foundation
package import Identity
import Runs
package import Service
import Workspaces

/// What the server and the offline verbs (`terrakube token create`) both stand on: the data directory, the secret
/// key, the migrated database, the accounts.
package struct Persistence: Sendable {
    package let database: any SQLDatabase
    package let tokens: PersonalTokenService
    package let teamTokens: TeamTokenService
    package let users: UserService
    package let accounts: UserAdministration
    /// The administrator's password when it was made up just now, on the first start.
    package let initialPassword: String?
    let directory: DataDirectory
    let keyring: Keyring
    let signer: TokenSigner
    let time: TimeSource
    let ids: IDSource

    /// Opens everything, and makes on the first start what is not there: the folder, the key, the tables.
    ///
    /// - Throws: `ConfigurationError`, `DatabaseError`, `InvalidDatabaseURL`.
    package init(
        _ configuration: ServerConfiguration,
        time: TimeSource = .system,
        ids: IDSource = .uuid,
        passwordCost: PasswordCost = .standard
    ) async throws {
        directory = try DataDirectory(configuration.dataDirectory)
        do {
            keyring = try Keyring(text: try configuration.secretKey ?? directory.secretKey())
        } catch KeyringError.badMasterKey {
            throw ConfigurationError("TERRAKUBE_SECRET_KEY must be base64 of 32 bytes; `openssl rand -base64 32` makes one.")
        }
        signer = try await TokenSigner(keyring: keyring)
        database = try DatabaseLocation(url: configuration.databaseURL ?? directory.databaseURL).open()
        try await Migrator(IdentitySchema.migrations + WorkspacesSchema.migrations + RunsSchema.migrations)
            .apply(to: database, now: time.now())
        users = UserService(
            database: database,
            administratorGroup: configuration.administratorGroup,
            time: time,
            ids: ids,
            cost: passwordCost
        )
        accounts = UserAdministration(database: database, time: time, ids: ids, cost: passwordCost)
        teamTokens = TeamTokenService(database: database, signer: signer, time: time, ids: ids)
        tokens = PersonalTokenService(database: database, signer: signer, time: time, ids: ids)
        self.time = time
        self.ids = ids
        let password = try await users.createFirstAdministrator(password: configuration.administratorPassword)
        initialPassword = configuration.administratorPassword == nil ? password : nil
        if let initialPassword { try directory.write(initialPassword + "\n", to: directory.initialPassword) }
    }
}
