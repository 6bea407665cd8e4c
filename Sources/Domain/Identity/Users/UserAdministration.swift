import Crypto
package import Database
import Foundation
import JSONAPI
package import NIOPosix
package import Service

/// The accounts of this server, as administrators keep them: over the API, and with `terrakube user` beside it.
package struct UserAdministration: Sendable {
    private let database: any SQLDatabase
    private let time: TimeSource
    private let ids: IDSource
    private let cost: PasswordCost
    private let threads: NIOThreadPool

    package init(
        database: any SQLDatabase,
        time: TimeSource,
        ids: IDSource,
        cost: PasswordCost = .standard,
        threads: NIOThreadPool = .singleton
    ) {
        self.database = database
        self.time = time
        self.ids = ids
        self.cost = cost
        self.threads = threads
    }

    package func list() async throws -> [User] {
        try await database.read { try UserStore($0).list() }
    }

    /// - Throws: `APIError` 404.
    package func find(id: String) async throws -> User {
        guard let user = try await database.read({ try UserStore($0).find(id: id) }) else {
            throw APIError.notFound("There is no user \(id).")
        }
        return user
    }

    /// - Throws: `APIError` 404.
    package func find(username: String) async throws -> User {
        guard let user = try await database.read({ try UserStore($0).find(username: username) }) else {
            throw APIError.notFound("There is no user \(username).")
        }
        return user
    }

    /// Makes an account.
    ///
    /// - Parameter password: Nil makes one up.
    /// - Returns: The account and its password.
    /// - Throws: `APIError` 400 for a value that can't be, 409 when the name is taken.
    package func create(
        username: String,
        email: String,
        groups: Set<String>,
        password: String?
    ) async throws -> (user: User, password: String) {
        try Self.check(username: username)
        try Self.check(email: email)
        try Self.check(groups: groups)
        let (password, hash) = try await hashed(password)
        let user = User(id: ids.next(), username: username, email: email, groups: groups, createdDate: time.now())
        try await database.write { transaction in
            let store = UserStore(transaction)
            guard try store.find(username: username) == nil else {
                throw APIError.conflict("A user named \(username) already exists.", pointer: "/data/attributes/username")
            }
            try store.insert(user, passwordHash: hash)
        }
        return (user, password)
    }

    /// Gives an account another password, and ends its sessions.
    ///
    /// - Parameter password: Nil makes one up.
    /// - Returns: The password.
    package func setPassword(_ password: String?, of id: String) async throws -> String {
        let (password, hash) = try await hashed(password)
        try await change(id) { store in
            try store.setPasswordHash(hash, of: id)
            try store.endSessions(of: id)
        }
        return password
    }

    package func setGroups(_ groups: Set<String>, of id: String) async throws {
        try Self.check(groups: groups)
        try await change(id) { try $0.setGroups(groups, of: id) }
    }

    package func setEmail(_ email: String, of id: String) async throws {
        try Self.check(email: email)
        try await change(id) { try $0.setEmail(email, of: id) }
    }

    /// A disabled account can't sign in, and its sessions and tokens are worth nothing from now on.
    package func setDisabled(_ isDisabled: Bool, of id: String) async throws {
        try await change(id) { store in
            try store.setDisabled(isDisabled, of: id)
            if isDisabled { try store.endSessions(of: id) }
        }
    }

    private func change(_ id: String, _ body: @escaping @Sendable (UserStore) throws -> Void) async throws {
        try await database.write { transaction in
            let store = UserStore(transaction)
            guard try store.find(id: id) != nil else { throw APIError.notFound("There is no user \(id).") }
            try body(store)
        }
    }

    private func hashed(_ password: String?) async throws -> (password: String, hash: String) {
        let password = password ?? PasswordHash.randomPassword()
        guard (8...1024).contains(password.utf8.count) else {
            throw APIError.invalid(attribute: "password", "A password has 8 to 1024 characters.")
        }
        let hash = try await threads.runIfActive { [cost] in try PasswordHash(password: password, cost: cost) }
        return (password, hash.text)
    }

    // MARK: Values

    private static func check(username: String) throws(APIError) {
        let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@+")
        guard (1...64).contains(username.unicodeScalars.count), username.unicodeScalars.allSatisfy(allowed.contains) else {
            throw .invalid(attribute: "username", "A username has 1 to 64 letters, digits and . - _ @ +")
        }
    }

    private static func check(email: String) throws(APIError) {
        let isAddress = email.contains("@") && email.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        guard (3...128).contains(email.unicodeScalars.count), isAddress else {
            throw .invalid(attribute: "email", "The email must be an address of at most 128 characters.")
        }
    }

    private static func check(groups: Set<String>) throws(APIError) {
        let areGood = groups.allSatisfy { group in
            (1...64).contains(group.unicodeScalars.count) && group.unicodeScalars.allSatisfy { $0.value >= 0x20 }
        }
        guard areGood, groups.count <= 500 else {
            throw .invalid(attribute: "groups", "A group has 1 to 64 characters, and a user at most 500 groups.")
        }
    }
}
