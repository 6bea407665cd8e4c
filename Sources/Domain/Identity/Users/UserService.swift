package import Database
import Foundation
package import NIOPosix
package import Service

/// Local accounts: the first administrator, and signing in.
package struct UserService: Sendable {
    private let database: any SQLDatabase
    private let administratorGroup: String
    private let time: TimeSource
    private let ids: IDSource
    private let cost: PasswordCost
    private let threads: NIOThreadPool

    package init(
        database: any SQLDatabase,
        administratorGroup: String,
        time: TimeSource,
        ids: IDSource,
        cost: PasswordCost = .standard,
        threads: NIOThreadPool = .singleton
    ) {
        self.database = database
        self.administratorGroup = administratorGroup
        self.time = time
        self.ids = ids
        self.cost = cost
        self.threads = threads
    }

    /// Makes the account `admin` when there is no account at all.
    ///
    /// - Parameter password: Nil makes one up.
    /// - Returns: The password when the account was made, else nil.
    package func createFirstAdministrator(password: String?) async throws -> String? {
        guard try await database.read({ try UserStore($0).isEmpty() }) else { return nil }
        let password = password ?? PasswordHash.randomPassword()
        let hash = try await threads.runIfActive { [cost] in try PasswordHash(password: password, cost: cost) }
        let user = User(
            id: ids.next(),
            username: "admin",
            email: "admin@example.com",
            groups: [administratorGroup],
            createdDate: time.now()
        )
        let isFirst = try await database.write { transaction in
            let store = UserStore(transaction)
            guard try store.isEmpty() else { return false }
            try store.insert(user, passwordHash: hash.text)
            return true
        }
        return isFirst ? password : nil
    }

    /// - Returns: The user, or nil for a wrong password, an unknown and a disabled user alike; all three take as long.
    package func authenticate(username: String, password: String) async throws -> User? {
        let found = try await database.read { connection -> (User, String)? in
            let store = UserStore(connection)
            guard let user = try store.find(username: username), let hash = try store.passwordHash(of: user.id) else { return nil }
            return (user, hash)
        }
        let stored = found?.1
        let isMatch = try await threads.runIfActive { [cost] in
            guard let stored else {
                _ = try PasswordHash(password: password, cost: cost)
                return false
            }
            return try PasswordHash(stored: stored).matches(password)
        }
        guard isMatch, let user = found?.0, user.isDisabled == false else { return nil }
        return user
    }

    package func find(username: String) async throws -> User? {
        try await database.read { try UserStore($0).find(username: username) }
    }

    /// The account behind a principal; nil when it is no person.
    package func user(of principal: Principal) async throws -> User? {
        guard case .user(let id) = principal.kind else { return nil }
        return try await database.read { try UserStore($0).find(id: id) }
    }

    /// The principal that a user is, by session or by token.
    package func principal(for user: User) -> Principal {
        Principal(
            kind: .user(id: user.id),
            name: user.email,
            groups: user.groups,
            isAdministrator: user.groups.contains(administratorGroup)
        )
    }

    /// The principal that the token of a team is: its group, and nothing of who made it but the name.
    func principal(for token: TeamToken) -> Principal {
        Principal(
            kind: .team,
            name: token.createdBy,
            groups: [token.group],
            isAdministrator: token.group == administratorGroup
        )
    }
}
