import Foundation
package import Hummingbird
import JSONAPI
package import Service

/// `/user/v1`: accounts, for administrators. Terrakube has none; what it calls a user is somebody else's.
package struct UserRoutes: Sendable {
    private struct CreateBody: Decodable {
        let username: String
        let email: String
        let groups: Set<String>?
        /// Missing: the server makes one up and answers it once.
        let password: String?
    }

    private struct UpdateBody: Decodable {
        let email: String?
        let groups: Set<String>?
        let disabled: Bool?
        let password: String?
    }

    private struct Item: Encodable {
        let id: String
        let username: String
        let email: String
        let groups: [String]
        let disabled: Bool
        let createdDate: Date
        /// Only in the answer that makes it.
        var password: String?

        init(_ user: User) {
            id = user.id
            username = user.username
            email = user.email
            groups = user.groups.sorted()
            disabled = user.isDisabled
            createdDate = user.createdDate
        }
    }

    private let users: UserAdministration

    package init(users: UserAdministration) {
        self.users = users
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        router.group("user/v1")
            .get(use: list)
            .post(use: create)
            .get(":id", use: find)
            .patch(":id", use: update)
    }

    @Sendable
    private func list(request: Request, context: ServerContext) async throws -> Response {
        try Permissions.requireAdministrator(try context.requirePrincipal())
        return try .json(try await users.list().map(Item.init))
    }

    @Sendable
    private func find(request: Request, context: ServerContext) async throws -> Response {
        try Permissions.requireAdministrator(try context.requirePrincipal())
        return try .json(Item(try await users.find(id: try context.parameters.require("id"))))
    }

    @Sendable
    private func create(request: Request, context: ServerContext) async throws -> Response {
        try Permissions.requireAdministrator(try context.requirePrincipal())
        let body = try await request.json(CreateBody.self)
        let made = try await users.create(
            username: body.username,
            email: body.email,
            groups: body.groups ?? [],
            password: body.password
        )
        var item = Item(made.user)
        if body.password == nil { item.password = made.password }
        return try .json(item, status: .created)
    }

    @Sendable
    private func update(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        try Permissions.requireAdministrator(principal)
        let id = try context.parameters.require("id")
        let body = try await request.json(UpdateBody.self)
        if body.disabled == true, principal.kind == .user(id: id) {
            throw APIError.conflict("Nobody disables the account that they use.")
        }
        if let email = body.email { try await users.setEmail(email, of: id) }
        if let groups = body.groups { try await users.setGroups(groups, of: id) }
        if let password = body.password { _ = try await users.setPassword(password, of: id) }
        if let disabled = body.disabled { try await users.setDisabled(disabled, of: id) }
        return try .json(Item(try await users.find(id: id)))
    }
}
